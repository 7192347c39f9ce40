"""Users, sessions, tokens and the audit list, the same on both databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from argon2 import PasswordHasher

from dragoman.errors import NotFound, UsageError
from dragoman.ledger import accounts, audit, passwords, sessions, tokens
from dragoman.ledger.store import Ledger
from tests.ledger.helpers import ask, change
from tests.ledger.places import Places, borrowed

PASSWORD, OTHER = "four horses in the rain", "a lantern over the weir"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes that take no time; what they are is tested by itself."""
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    passwords._nobodys.cache_clear()


@pytest.fixture
def ledger(places: Places) -> Iterator[Ledger]:
    with borrowed(places, ledger=True) as place, Ledger.open(place) as opened:
        accounts.add_user(opened, "mara", PASSWORD, "admin", "(command line)")
        yield opened


def named(ledger: Ledger) -> dict[str, str]:
    return {user.name: user.role for user in accounts.users_of(ledger)}


# --- users ----------------------------------------------------------------------------------------


def test_the_latest_row_of_a_name_holds_and_none_is_lost(places: Places) -> None:
    with borrowed(places, ledger=True) as place, Ledger.open(place) as ledger:
        assert not accounts.has_admin(ledger)
        accounts.add_user(ledger, "mara", PASSWORD, "admin", "(command line)")
        accounts.add_user(ledger, "jon", PASSWORD, "reader", "mara")
        accounts.change_role(ledger, "jon", "editor", "mara")
        assert named(ledger) == {"jon": "editor", "mara": "admin"}
        accounts.remove_user(ledger, "jon", "mara")
        assert named(ledger) == {"mara": "admin"}
        accounts.add_user(ledger, "jon", OTHER, "reader", "mara")
        assert named(ledger) == {"jon": "reader", "mara": "admin"}
        told = ask(place, "SELECT name, role, decided_by FROM users ORDER BY number")
        assert [role for name, role, _ in told if name == "jon"] == ["reader", "editor", "", "reader"]
        assert {by for name, _, by in told if name == "jon"} == {"mara"}


def test_passwords_are_kept_as_argon2id_only(places: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passwords, "HASHER", PasswordHasher())
    with borrowed(places, ledger=True) as place, Ledger.open(place) as ledger:
        accounts.add_user(ledger, "mara", PASSWORD, "admin", "")
        ((kept,),) = ask(place, "SELECT password FROM users")
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert PASSWORD not in kept


@pytest.mark.parametrize("password", ["", "elevenchars", "x" * 1001, "mara12345678"])
def test_bad_passwords_are_refused_without_being_told(ledger: Ledger, password: str) -> None:
    with pytest.raises(UsageError) as refused:
        accounts.change_password(ledger, "mara", password, "mara")
    assert not password or password not in str(refused.value)
    assert accounts.is_password_of(ledger, "mara", PASSWORD)


def test_a_password_is_the_same_however_it_is_typed(ledger: Ledger) -> None:
    accounts.change_password(ledger, "mara", "caf\u00e9 at the weir \ud800", "mara")
    assert accounts.is_password_of(ledger, "mara", "cafe\u0301 at the weir \ud800")
    assert not accounts.is_password_of(ledger, "mara", "cafe at the weir \ud800")


@pytest.mark.parametrize("name", ["", "Mara", "m a", "<b>", "(command line)", "a" * 65, "-a", "a\x00", "mара"])
def test_names_that_could_be_mistaken_are_refused(ledger: Ledger, name: str) -> None:
    with pytest.raises(UsageError, match="user's name"):
        accounts.add_user(ledger, name, PASSWORD, "reader", "mara")
    assert not accounts.is_password_of(ledger, name, PASSWORD)


def test_what_cannot_be_is_refused(ledger: Ledger) -> None:
    with pytest.raises(UsageError, match="already"):
        accounts.add_user(ledger, "mara", PASSWORD, "reader", "mara")
    with pytest.raises(UsageError, match="no role"):
        accounts.add_user(ledger, "jon", PASSWORD, "king", "mara")
    with pytest.raises(UsageError, match="no role"):
        accounts.change_role(ledger, "mara", "", "mara")
    changes: tuple[Callable[[], None], ...] = (
        lambda: accounts.change_role(ledger, "jon", "reader", "mara"),
        lambda: accounts.change_password(ledger, "jon", PASSWORD, "mara"),
        lambda: accounts.remove_user(ledger, "jon", "mara"),
    )
    for change_it in changes:
        with pytest.raises(NotFound, match="no user 'jon'"):
            change_it()


def test_there_is_always_an_admin(ledger: Ledger) -> None:
    with pytest.raises(UsageError, match="only admin"):
        accounts.remove_user(ledger, "mara", "mara")
    with pytest.raises(UsageError, match="only admin"):
        accounts.change_role(ledger, "mara", "reader", "mara")
    accounts.add_user(ledger, "jon", PASSWORD, "admin", "mara")
    accounts.remove_user(ledger, "mara", "jon")
    assert named(ledger) == {"jon": "admin"}


def test_a_password_is_checked_for_a_name_that_nobody_has_too(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    """One check with the same costs each time, so the time it takes tells nothing."""
    checked: list[str] = []

    class Counting:
        def __init__(self, real: PasswordHasher) -> None:
            self.hash, self._verify = real.hash, real.verify

        def verify(self, kept: str, password: bytes) -> bool:
            checked.append(kept.rpartition("$")[0].rpartition("$")[0])
            return self._verify(kept, password)

    accounts.add_user(ledger, "jon", PASSWORD, "reader", "mara")
    accounts.remove_user(ledger, "jon", "mara")
    passwords.is_right(None, "")
    monkeypatch.setattr(passwords, "HASHER", Counting(passwords.HASHER))
    for name in ("mara", "nobody", "jon", "", "\x00", "a\ud800"):
        assert sessions.sign_in(ledger, name, OTHER, 1) is None
    assert sessions.sign_in(ledger, "mara", PASSWORD, 1) is not None
    assert len(checked) == 7
    assert len(set(checked)) == 1


# --- sessions -------------------------------------------------------------------------------------


def signed_in(ledger: Ledger, name: str = "mara", hours: float = 1) -> str:
    secret = sessions.sign_in(ledger, name, PASSWORD, hours)
    assert secret is not None
    return secret


def test_a_session_is_new_each_time_and_only_its_hash_is_kept(places: Places) -> None:
    with borrowed(places, ledger=True) as place, Ledger.open(place) as ledger:
        accounts.add_user(ledger, "mara", PASSWORD, "admin", "")
        one, other = signed_in(ledger), signed_in(ledger)
        assert one != other and len(one) >= 43
        found = sessions.session(ledger, one)
        assert found is not None and (found.user, found.role) == ("mara", "admin")
        again = sessions.session(ledger, other)
        assert again is not None and again.csrf != found.csrf
        kept = str(ask(place, "SELECT * FROM sessions"))
        assert one not in kept and found.csrf not in kept and tokens.digest(one) in kept
        sessions.sign_out(ledger, one)
        assert sessions.session(ledger, one) is None
        assert sessions.session(ledger, other) is not None


@pytest.mark.parametrize("secret", ["", "x", "\x00", "\ud800", "%"])
def test_no_other_secret_is_a_session(ledger: Ledger, secret: str) -> None:
    signed_in(ledger)
    assert sessions.session(ledger, secret) is None
    assert tokens.bearer(ledger, secret) is None


def test_a_session_has_an_end(ledger: Ledger) -> None:
    secret = signed_in(ledger, hours=-0.001)
    assert sessions.session(ledger, secret) is None


def test_whatever_is_changed_of_a_user_ends_their_sessions_alone(ledger: Ledger) -> None:
    accounts.add_user(ledger, "jon", PASSWORD, "reader", "mara")
    own = signed_in(ledger)
    changes: tuple[Callable[[], None], ...] = (
        lambda: accounts.change_role(ledger, "jon", "editor", "mara"),
        lambda: accounts.change_password(ledger, "jon", PASSWORD, "jon"),
        lambda: accounts.remove_user(ledger, "jon", "mara"),
    )
    for change_it in changes:
        secret = signed_in(ledger, "jon")
        change_it()
        assert sessions.session(ledger, secret) is None
    assert sessions.session(ledger, own) is not None


def test_a_session_of_an_earlier_row_never_holds(places: Places) -> None:
    """As if somebody had signed in while their password was being changed."""
    with borrowed(places, ledger=True) as place, Ledger.open(place) as ledger:
        accounts.add_user(ledger, "mara", PASSWORD, "admin", "")
        secret = signed_in(ledger)
        accounts.change_password(ledger, "mara", OTHER, "mara")
        late = tokens.digest(secret)
        change(place, f"INSERT INTO sessions VALUES (77, 1, '{late}', '2999', '2031')")
        assert sessions.session(ledger, secret) is None
        change(place, "UPDATE sessions SET account = 2")
        assert sessions.session(ledger, secret) is not None


# --- tokens ---------------------------------------------------------------------------------------


def test_a_token_is_kept_as_its_hash_and_asks_in_a_users_name(places: Places) -> None:
    with borrowed(places, ledger=True) as place, Ledger.open(place) as ledger:
        accounts.add_user(ledger, "mara", PASSWORD, "admin", "")
        secret = tokens.add_token(ledger, " nightly\x00 ", "mara", "read", 90, "mara")
        assert tokens.bearer(ledger, secret) == tokens.Bearer("mara", "admin", "read")
        (told,) = tokens.tokens_of(ledger)
        assert (told.name, told.user, told.scope, told.expired) == ("nightly\ufffd", "mara", "read", False)
        assert secret not in str(ask(place, "SELECT * FROM tokens"))
        assert tokens.tokens_of(ledger, "jon") == []
        with pytest.raises(NotFound):
            tokens.revoke_token(ledger, told.id, "jon", user="jon")
        tokens.revoke_token(ledger, told.id, "mara")
        assert tokens.bearer(ledger, secret) is None
        assert tokens.tokens_of(ledger) == []
        with pytest.raises(NotFound):
            tokens.revoke_token(ledger, told.id, "mara")
        assert len(ask(place, "SELECT * FROM tokens")) == 2


def test_a_token_ends_with_its_time_and_its_user(places: Places) -> None:
    with borrowed(places, ledger=True) as place, Ledger.open(place) as ledger:
        accounts.add_user(ledger, "mara", PASSWORD, "admin", "")
        accounts.add_user(ledger, "jon", PASSWORD, "reviewer", "mara")
        secret = tokens.add_token(ledger, "a", "jon", "edit", 1, "mara")
        accounts.change_role(ledger, "jon", "reader", "mara")
        assert tokens.bearer(ledger, secret) == tokens.Bearer("jon", "reader", "edit")
        accounts.remove_user(ledger, "jon", "mara")
        assert tokens.bearer(ledger, secret) is None
        accounts.add_user(ledger, "jon", PASSWORD, "editor", "mara")
        assert tokens.bearer(ledger, secret) is None, "another jon is not the one it was made for"
        secret = tokens.add_token(ledger, "b", "jon", "edit", 1, "mara")
        change(place, "UPDATE tokens SET expires_at = '2001-01-01T00:00:00.000000+00:00'")
        assert tokens.bearer(ledger, secret) is None
        assert [token.expired for token in tokens.tokens_of(ledger)] == [True]


@pytest.mark.parametrize(
    ("name", "user", "scope", "days", "error"),
    [
        (" ", "mara", "read", 1, UsageError),
        ("n" * 101, "mara", "read", 1, UsageError),
        ("n", "mara", "admin", 1, UsageError),
        ("n", "mara", "read", 0, UsageError),
        ("n", "mara", "read", 3661, UsageError),
        ("n", "jon", "read", 1, NotFound),
        ("n", "\x00\ud800", "read", 1, NotFound),
    ],
)
def test_what_a_token_cannot_be(
    ledger: Ledger, name: str, user: str, scope: str, days: int, error: type[Exception]
) -> None:
    with pytest.raises(error):
        tokens.add_token(ledger, name, user, scope, days, "mara")
    assert tokens.tokens_of(ledger) == []


@pytest.mark.parametrize("id", ["", "%", "_" * 12, "0" * 12, "g" * 12, "\x00"])
def test_only_a_whole_id_names_a_token(ledger: Ledger, id: str) -> None:
    tokens.add_token(ledger, "n", "mara", "read", 1, "mara")
    with pytest.raises(NotFound):
        tokens.revoke_token(ledger, id, "mara")


# --- the audit list -------------------------------------------------------------------------------


def test_the_audit_list_comes_in_pages_newest_first(ledger: Ledger) -> None:
    for number in range(7):
        audit.record(ledger, audit.Act("mara", "POST /x", f"{number}\x00\ud800", "done", "192.0.2.7"))
    told: list[audit.Act] = []
    after = None
    while True:
        page = audit.acts(ledger, after, 3)
        told += page.rows
        after = page.next_cursor
        if after is None:
            break
    assert [act.subject[0] for act in told] == list("6543210")
    assert told[0].address == "192.0.2.7" and told[0].recorded_at > "20"
    for cursor in ("", "x", "9"):
        with pytest.raises(UsageError):
            audit.acts(ledger, cursor, 3)
