"""Django's SMTP backend, which also knows whether a letter may have arrived although no answer came."""

from __future__ import annotations

import smtplib
from typing import Any

from django.core.mail.backends import smtp


class Careful:
    """Between the first byte of a letter and the server's answer nobody knows whether it was taken."""

    uncertain = False

    def data(self, message: Any) -> tuple[int, bytes]:
        self.uncertain = True
        try:
            answer: tuple[int, bytes] = super().data(message)  # type: ignore[misc]
        except smtplib.SMTPDataError:
            self.uncertain = False
            raise
        self.uncertain = False
        return answer


class Plain(Careful, smtplib.SMTP):
    """TLS from STARTTLS on, or none."""


class Secure(Careful, smtplib.SMTP_SSL):
    """TLS from the first byte on."""


class EmailBackend(smtp.EmailBackend):
    """Used when STEWARD_MAIL_URL is set."""

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return Secure if self.use_ssl else Plain

    @property
    def uncertain(self) -> bool:
        return bool(getattr(self.connection, "uncertain", False))
