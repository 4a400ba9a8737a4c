"""What SMSChannel takes as its configuration, and what it says of the rest."""

import pytest

from Servers.certificates import free_port

ACCOUNT = "AC0123456789abcdef0123456789abcdef"
TWILIO = {"provider": "twilio", "account_sid": ACCOUNT, "auth_token": "t", "from": "+15550199000"}
KANNEL = {"provider": "kannel", "username": "u", "password": "p"}


@pytest.mark.parametrize("config, words", [
    ({}, "provider"),
    ({"provider": "carrier-pigeon"}, "provider: It must be twilio or kannel."),
    ({**TWILIO, "acount_sid": "AC2"}, "Did you mean \"account_sid\"?"),
    ({**TWILIO, "account_sid": "US123"}, "account_sid: It must be AC and 32 digits"),
    ({**TWILIO, "account_sid": ACCOUNT.upper()}, "account_sid: It must be AC and 32 digits"),
    ({**TWILIO, "account_sid": f"{ACCOUNT}0"}, "account_sid: It must be AC and 32 digits"),
    ({**TWILIO, "messaging_service_sid": ACCOUNT}, "messaging_service_sid: It must be MG and 32 digits"),
    ({**TWILIO, "username": "u"}, "username"),
    ({**TWILIO, "auth_token": ""}, "auth_token: It must not be empty."),
    ({**TWILIO, "from": "the office of Ann"}, "from: It must be a number"),
    ({k: v for k, v in TWILIO.items() if k != "from"}, "messaging_service_sid"),
    ({**TWILIO, "public_url": "https://crm.example.com"}, "listen: This field is required."),
    ({**TWILIO, "listen": "127.0.0.1:8085"}, "public_url: This field is required."),
    ({**TWILIO, "listen": "0.0.0.0:8085", "public_url": "https://a.example.com"}, "listen: It must be an address of this"),
    ({**TWILIO, "public_url": "http://crm.example.com", "listen": "127.0.0.1:8085"}, "public_url: Secrets would cross"),
    ({**TWILIO, "base_url": "http://api.twilio.com"}, "base_url: Secrets would cross the network in plain text. Use https."),
    ({**TWILIO, "base_url": "ftp://127.0.0.1"}, "base_url: It must be an address"),
    ({**TWILIO, "connections": 0}, "connections: It must be from 1 to 32."),
    ({**TWILIO, "ca_file": "/nowhere"}, "ca_file: This file cannot be read."),
    ({**KANNEL, "password": "a\r\nX-Kannel-To: +1"}, "password: It must hold visible ASCII characters only."),
    ({**KANNEL, "listen": "127.0.0.1:8085"}, "callback_token: This field is required."),
    ({**KANNEL, "callback_token": "t"}, "listen: This field is required."),
    ({**KANNEL, "base_url": "http://gateway.example.com"}, "base_url: Secrets would cross"),
])
def test_what_is_wrong_is_named(channels, config, words):
    answer = channels("SMSChannel").configure(config)
    assert not answer["ok"] and words in answer["error"]


def test_another_service_with_the_interface_has_names_of_its_own(channels):
    channel = channels("SMSChannel")
    assert channel.configure({**TWILIO, "account_sid": "US123", "base_url": "https://sms.example.com"})["ok"]
    assert channel.request("configure", config={**TWILIO, "messaging_service_sid": f"MG{ACCOUNT[2:]}"})["ok"]


def test_secrets_are_marked_and_never_repeated(channels, twilio):
    channel = channels("SMSChannel")
    answer = channel.configure(twilio.config(auth_token="very-secret-token"), check=True)
    assert not answer["ok"] and "very-secret-token" not in answer["error"]
    secret = {name for name, member in channel.manifest["config"].items() if member["secret"]}
    assert secret == {"auth_token", "password", "callback_token"}


def test_check_logs_in_and_sends_nothing(channels, twilio):
    channel = channels("SMSChannel")
    assert channel.configure(twilio.config(), check=True) == {"id": 2, "ok": True}
    assert channel.request("configure", config=twilio.config(auth_token="wrong"), check=True) == {
        "id": 3, "ok": False,
        "error": "Twilio refused it with error 20003: the account or its token is wrong."}
    unreachable = twilio.config(base_url=f"http://127.0.0.1:{free_port()}")
    assert "cannot be reached" in channel.request("configure", config=unreachable, check=True)["error"]
    assert not twilio.messages and {method for method, _ in twilio.requests} == {"GET"}


def test_kannel_is_checked_by_a_message_to_nobody(channels, kannel):
    channel = channels("SMSChannel")
    assert channel.configure(kannel.config(), check=True)["ok"]
    answer = channel.request("configure", config=kannel.config(password="wrong"), check=True)
    assert answer["error"] == "Kannel refused the username, the password or this machine."


def test_a_port_in_use_is_told(channels, twilio, texts):
    config = twilio.config(listen=f"127.0.0.1:{free_port()}", public_url="https://crm.example.com")
    texts(config)
    answer = channels("SMSChannel", folder="second").configure(config)
    assert not answer["ok"] and answer["error"].startswith("listen: Nobody can listen here")


def test_a_new_configuration_is_taken_while_it_runs(texts, twilio):
    channel = texts(twilio.config(auth_token="old"))
    assert channel.send("k", {"text": "Hi"}, "+15550100123")["failure"]["kind"] == "config"
    assert channel.request("configure", config=twilio.config())["ok"]
    assert channel.send("k", {"text": "Hi"}, "+15550100123")["outcome"] == "accepted"
    assert twilio.texts() == ["Hi"]
