"""The parts that tests of channels share: real servers, and channels in folders of their own."""

import itertools

import pytest

from channel_driver import ChannelDriver
from Servers.caldav_servers import Radicale, Xandikos
from Servers.exim import Exim
from Servers.faulty_proxy import FaultyProxy
from Servers.kannel_server import KannelServer
from Servers.mail_server import MailServer
from Servers.twilio_server import TwilioServer

NAMES = itertools.count(1)


def running(kind, name):
    """A fixture: one server of this kind, which the tests of a file share."""
    @pytest.fixture(scope="module", name=name)
    def serve(tmp_path_factory):
        server = kind(tmp_path_factory.mktemp(name)).start()
        yield server
        server.stop()
    return serve


radicale = running(Radicale, "radicale")
xandikos = running(Xandikos, "xandikos")
mail_server = running(MailServer, "mail_server")
exim = running(Exim, "exim")
kannel = running(KannelServer, "kannel")


@pytest.fixture
def calendar(radicale):
    """The address of an empty calendar."""
    return radicale.make_calendar(f"calls-{next(NAMES)}")


@pytest.fixture
def proxy(radicale):
    proxy = FaultyProxy(radicale.port)
    yield proxy
    proxy.close()


@pytest.fixture
def channels(tmp_path):
    """Starts a channel's executable in a folder of the test; with a configuration it has to take it."""
    drivers = []

    def start(program, config=None, folder="channel"):
        driver = ChannelDriver().start(program, tmp_path / folder)
        drivers.append(driver)
        if config is not None:
            answer = driver.configure(config)
            assert answer.get("ok"), answer
        return driver

    yield start
    for driver in drivers:
        driver.close()


@pytest.fixture
def reminders(channels):
    """Starts a CallReminderChannel with a configuration."""
    return lambda config, folder="channel": channels("CallReminderChannel", config, folder)


@pytest.fixture
def emails(channels):
    """Starts an EmailChannel with a configuration; its journal stays over restarts."""
    return lambda config: channels("EmailChannel", config)


@pytest.fixture
def email_channel(channels):
    """An EmailChannel that is not configured."""
    return channels("EmailChannel")


@pytest.fixture
def twilio():
    server = TwilioServer()
    yield server
    server.stop()


@pytest.fixture
def texts(channels):
    """Starts an SMSChannel with a configuration; its journal stays over restarts."""
    return lambda config, folder="channel": channels("SMSChannel", config, folder)
