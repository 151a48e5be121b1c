"""Writes identities.json: what the Python packages do with client ids, cookies and browser ids.

Made with CPython 3.11, zope.session 6.0, p01.session 0.8.1 and Products.Sessions 6.2:

    pip install zope.session==6.0 p01.session==0.8.1 p01.memcache==0.9.0 Products.Sessions==6.2 six future
    python make_identities.py > identities.json

Ids come out of the packages' own generators with their randomness and clock fixed, so a run gives the same file again.
"""
import email.utils
import hashlib
import hmac
import io
import json
import random
import time
from unittest import mock

from Products.Sessions import BrowserIdManager as browser
from p01.session.client import MemcacheClientIdFactory
from zope.publisher.http import HTTPRequest
from zope.session.http import CookieClientIdManager

SECRETS = ['very secure', 'k', 'k\u00e4se', 'x' * 200]
MOMENT = 1700000000.0


def request(method='GET', cookie=None):
    environment = {'REQUEST_METHOD': method, 'SERVER_URL': 'http://shop.example', 'SERVER_PORT': '80'}
    if cookie is not None:
        environment['HTTP_COOKIE'] = cookie
    return HTTPRequest(io.BytesIO(), environment)


def client_ids():
    draws = random.Random(20240102)
    for secret in SECRETS:
        for index in range(8):
            data = bytes(range(20)) if index == 0 else draws.randbytes(20)
            with mock.patch('os.urandom', lambda count: data):
                p01 = MemcacheClientIdFactory('shop', secret).generateUniqueId()
            manager = CookieClientIdManager('shop', secret)
            # Its own digest is of bad random numbers; that one call is given the bytes, HMAC keeps the real one.
            with mock.patch('zope.session.http.sha1') as digest:
                digest.return_value.digest.return_value = data
                with mock.patch('hmac.new', lambda key, message, digestmod: hmac.HMAC(key, message, hashlib.sha1)):
                    zope = manager.generateUniqueId()
            assert manager.getRequestId(request(cookie='shop=' + zope)) == zope
            assert manager.getRequestId(request(cookie='shop=' + p01)) is None
            yield {'secret': secret, 'random': data.hex(), 'zope': zope, 'p01': p01}


def cookies():
    settings = [
        {}, {'cookieLifetime': 0}, {'cookieLifetime': 3600}, {'domain': '.shop.example', 'secure': True},
        {'httpOnly': True, 'cookieLifetime': 86400 * 365 * 30},
    ]
    for chosen in settings:
        manager = CookieClientIdManager('shop', 'very secure')
        for name, value in chosen.items():
            setattr(manager, name, value)
        made = request()
        with mock.patch('time.time', lambda: MOMENT):
            manager.setRequestId(made, 'AAECAwQF')
        headers = [list(header) for header in made.response.getHeaders() if header[0] in (
            'Set-Cookie', 'Cache-Control', 'Pragma', 'Expires')]
        yield {'settings': chosen, 'now': int(MOMENT), 'headers': headers}


def dates():
    draws = random.Random(7)
    moments = [0, 1, 59, 86399, 951782400, 951868800, 1709164800, 2147483647, 2147483648, 4102444799, 253402300799]
    moments += [draws.randrange(0, 253402300799) for _ in range(200)]
    return [[moment, email.utils.formatdate(moment, usegmt=True)] for moment in moments]


def browser_ids():
    draws = random.Random(11)
    moments = [1704164645.5, 0.0, 1700000000.25, 951782399.999, 4102444799.0]
    moments += [draws.randrange(0, 4102444799 * 1000) / 1000 for _ in range(50)]
    for moment in moments:
        number = draws.randrange(0, 99999999)
        with mock.patch('time.time', lambda: moment):
            stamp = browser.getB64TStamp(time=lambda: moment)
        identifier = '%08i%s' % (number, stamp)
        assert browser.isAWellFormedBrowserId(identifier)
        yield {'milliseconds': round(moment * 1000), 'number': number, 'id': identifier}


def links():
    class Manager(browser.BrowserIdManager):
        def getBrowserId(self, create=1):
            return '89972317A0C3EHnUi90w'

    manager = Manager('browser_id_manager')
    urls = [
        'http://shop.example', 'http://shop.example/', 'http://shop.example/a/b?c=d', 'http://shop.example/a?b#c',
        '/cart', '/cart?item=1', 'https://shop.example:8080/x;y?z', '?q=1', 'cart',
    ]
    return {
        'hidden': manager.getHiddenFormField(),
        'urls': [{'url': url, 'querystring': manager.encodeUrl(url), 'inline': manager.encodeUrl(url, 'inline')}
                 for url in urls],
    }


def browser_cookies():
    class Response:
        def __init__(self):
            self.cookies = {}

    class Request(dict):
        def __init__(self, url):
            super().__init__(URL1=url)
            self.RESPONSE = Response()

    settings = [
        {}, {'cookielifedays': 30}, {'cookiesecure': 1}, {'cookiesamesite': 'Strict', 'cookiehttponly': 1},
        {'cookiedomain': '.shop.example', 'cookiepath': '/shop'},
    ]
    for chosen in settings:
        for url in ('http://shop.example/shop', 'https://shop.example/shop'):
            manager = browser.BrowserIdManager('browser_id_manager', **chosen)
            made, flushed = Request(url), Request(url)
            manager._setCookie('89972317A0C3EHnUi90w', made, now=lambda: MOMENT)
            manager._setCookie('deleted', flushed, remove=1)
            yield {'settings': chosen, 'url': url, 'now': int(MOMENT), 'set': made.RESPONSE.cookies.get('_ZopeId'),
                   'flushed': flushed.RESPONSE.cookies.get('_ZopeId')}


print(json.dumps({
    'clientIDs': list(client_ids()), 'cookies': list(cookies()), 'dates': dates(),
    'browserIDs': list(browser_ids()), 'links': links(), 'browserCookies': list(browser_cookies()),
}, indent=1, sort_keys=True))
