"""What tests of mails share."""

import email
from email.header import decode_header, make_header
from email.utils import parseaddr

CONTENT = {"subject": "How can we help?", "text": "Just reply."}


def mail_of(server, recipient):
    """The one mail for `recipient`."""
    mails = server.parsed(recipient)
    assert len(mails) == 1, f"{len(mails)} mails for {recipient}"
    return mails[0]


def body_of(mail, kind):
    """The text of a part, as it was written: LF between the lines, none at the end."""
    return mail.get_body((kind,)).get_payload(decode=True).decode().replace("\r\n", "\n").rstrip("\n")


def sender_of(server, recipient):
    """Name and address of From; the newer parser puts spaces between the words of a long name."""
    mail_of(server, recipient)
    field = email.message_from_bytes(server.mails[-1]["bytes"])["From"]
    name, address = parseaddr(field.replace("\r\n", ""))
    return str(make_header(decode_header(name))), address
