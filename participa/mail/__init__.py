"""Sending mail: by SMTP, to the log, or not at all, behind one small contract."""

from participa.mail.mailers import ConsoleMailer, Mailer, NullMailer, SmtpMailer, mailer_for

__all__ = ["ConsoleMailer", "Mailer", "NullMailer", "SmtpMailer", "mailer_for"]
