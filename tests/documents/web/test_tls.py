"""Encrypted connections: the certificate is checked against the name, whatever number is connected to."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from dragoman.documents.web import connect
from dragoman.errors import AddressRefused, FetchFailed
from tests.documents.web.server import PUBLIC, Internet, answer, redirect, site

NOW = datetime.now(UTC)


@dataclass(frozen=True)
class Authority:
    """Who signs certificates, in a folder."""

    folder: Path
    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @classmethod
    def named(cls, name: str, folder: Path) -> Authority:
        """One that signs itself; its certificate lies in `NAME.pem`."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate = _certificate(name, name, key, key, NOW + timedelta(days=1), x509.BasicConstraints(True, None))
        (folder / f"{name}.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
        return cls(folder, key, certificate)

    def serving(self, host: str, until: datetime = NOW + timedelta(days=1)) -> ssl.SSLContext:
        """What a server of that name needs."""
        key = ec.generate_private_key(ec.SECP256R1())
        issuer = self.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
        names = x509.SubjectAlternativeName([x509.DNSName(host)])
        certificate = _certificate(host, str(issuer), key, self.key, until, names)
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        path = self.folder / "server.pem"
        path.write_bytes(pem + certificate.public_bytes(serialization.Encoding.PEM))
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(path)
        return context


def _certificate(
    name: str,
    issuer: str,
    key: ec.EllipticCurvePrivateKey,
    by: ec.EllipticCurvePrivateKey,
    until: datetime,
    extension: x509.ExtensionType,
) -> x509.Certificate:
    def called(name: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])

    making = x509.CertificateBuilder().subject_name(called(name)).issuer_name(called(issuer))
    making = making.public_key(key.public_key()).serial_number(x509.random_serial_number())
    making = making.not_valid_before(NOW - timedelta(days=9)).not_valid_after(until)
    return making.add_extension(extension, critical=True).sign(by, hashes.SHA256())


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Authority]:
    """The one authority that this machine trusts."""
    made = Authority.named("ours", tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ours.pem"))
    connect._tls.cache_clear()
    yield made
    connect._tls.cache_clear()


def test_a_site_with_its_own_certificate_is_fetched(authority: Authority) -> None:
    with site(authority.serving("a.example")) as running:
        internet = Internet(running)
        running.pages["/page"] = answer(b"words")
        fetcher = internet.fetcher()
        assert fetcher.fetch("https://a.example/page").content == b"words"
    assert internet.connected == [(PUBLIC, 443)] * 2
    assert "Host: a.example\r\n" in running.requests[-1]


@pytest.mark.parametrize("case", ["another name", "another authority", "expired", "itself"])
def test_a_site_with_a_wrong_certificate_is_told_nothing(authority: Authority, case: str) -> None:
    stranger = Authority.named("theirs", authority.folder)
    serving = {
        "another name": lambda: authority.serving("b.example"),
        "another authority": lambda: stranger.serving("a.example"),
        "expired": lambda: authority.serving("a.example", NOW - timedelta(days=1)),
        "itself": lambda: authority.serving(PUBLIC),  # the number that is connected to does not count
    }
    with site(serving[case]()) as running:
        fetcher = Internet(running).fetcher(fetch_allow="a.example")
        with pytest.raises(FetchFailed, match="certificate"):
            fetcher.fetch("https://a.example/page")
        assert running.requests == []


def test_a_site_that_does_not_encrypt_is_told_nothing(internet: Internet) -> None:
    fetcher = internet.fetcher(fetch_seconds=1)
    with pytest.raises(FetchFailed):
        fetcher.fetch("https://a.example/page")
    assert internet.site.requests == []


def test_an_encrypted_site_may_not_lead_to_an_open_one(authority: Authority) -> None:
    with site(authority.serving("a.example")) as running:
        fetcher = Internet(running).fetcher()
        running.pages["/page"] = redirect("http://a.example/open")
        with pytest.raises(AddressRefused, match="not encrypted"):
            fetcher.fetch("https://a.example/page")
        assert running.asked == ["/page"]
