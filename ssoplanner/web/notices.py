"""Where "Your name is saved." waits for the next page: in a cookie, tied to our host like every other."""

from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage


class HostCookieStorage(CookieStorage):
    cookie_name = "__Host-messages"


class HostMessageStorage(FallbackStorage):
    storage_classes = (HostCookieStorage, SessionStorage)
