//! The flags, each with an environment variable for where flags are awkward. A flag wins over its variable.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::net::SocketAddr;
use std::path::PathBuf;

use lexopt::Arg;
use oauth2_runtime::prelude::*;

/// What `--help` says.
pub(crate) const HELP: &str = "\
An OAuth 2.0 authorization server with a sign-in page and a small protected API.

Usage: provider [FLAGS]

  --bind HOST:PORT    where to listen; port 0 picks one        [PROVIDER_BIND, 127.0.0.1:9000]
  --issuer URL        the issuer; http on loopback hosts only  [PROVIDER_ISSUER, http://<bind>]
  --database URL      sqlite://FILE or sqlite::memory:         [DATABASE_URL, sqlite://provider.db]
  --seed FILE         JSON file of users and clients to store  [PROVIDER_SEED]
  --audit FILE        file to append a JSON line per signal to [PROVIDER_AUDIT]
  --server NAME       which server to run: modern or classic   [PROVIDER_SERVER, modern]
  --check             prints what a start would find and changes nothing; exits with 1 if the server would not start
  --help              prints this";

/// A flag's long name and its variable.
type Flag = (&'static str, &'static str);

const BIND: Flag = ("bind", "PROVIDER_BIND");
const ISSUER: Flag = ("issuer", "PROVIDER_ISSUER");
const DATABASE: Flag = ("database", "DATABASE_URL");
const SEED: Flag = ("seed", "PROVIDER_SEED");
const AUDIT: Flag = ("audit", "PROVIDER_AUDIT");
const SERVER: Flag = ("server", "PROVIDER_SERVER");
const FLAGS: [Flag; 6] = [BIND, ISSUER, DATABASE, SEED, AUDIT, SERVER];

/// What the command line asks for.
pub(crate) enum Order {
    /// To say how this is used.
    Help,
    /// To say what a start would find.
    Check(Options),
    /// To run the server.
    Run(Options),
}

/// Which of the declared servers.
#[derive(Clone, Copy)]
pub(crate) enum Which {
    Modern,
    Classic,
}

/// How to run it.
pub(crate) struct Options {
    /// The server.
    pub(crate) server: Which,
    /// Where to listen.
    pub(crate) bind: String,
    issuer: Option<String>,
    /// The address of the database, of a kind there is.
    pub(crate) database: String,
    /// The seed file.
    pub(crate) seed: Option<PathBuf>,
    /// The audit file.
    pub(crate) audit: Option<PathBuf>,
}

impl Options {
    /// Why it does not start where it cannot listen.
    pub(crate) fn cannot_listen(&self) -> Error {
        let bind = self.bind.escape_debug();
        Error::new(format!("cannot listen on {bind}: choose another address with --bind"))
    }

    /// The issuer; if it was not given, the host of `--bind` with the port that is listened on.
    ///
    /// # Errors
    ///
    /// When it was not given and other machines may connect: `http` would not do for them.
    pub(crate) fn issuer(&self, listening: SocketAddr) -> Result<String, Error> {
        if let Some(issuer) = &self.issuer {
            return Ok(issuer.clone());
        }
        let bind = self.bind.as_str();
        if !listening.ip().is_loopback() {
            let reason = "is not a loopback address: say with --issuer https://HOST who the server is";
            return Err(Error::new(format!("{} {reason}", bind.escape_debug())));
        }
        let host = bind.rsplit_once(':').map_or(bind, |(host, _)| host);
        // An issuer is in normal form, without the port that `http` has anyway.
        Ok(match listening.port() {
            80 => format!("http://{host}"),
            port => format!("http://{host}:{port}"),
        })
    }
}

/// Reads the command line and the environment.
pub(crate) fn read() -> Result<Order, Error> {
    let Some(Given { mut flags, check }) = given()? else { return Ok(Order::Help) };
    let mut take = |(name, variable): Flag| {
        let from_environment = || std::env::var_os(variable).filter(|value| !value.is_empty());
        flags.remove(name).or_else(from_environment)
    };
    let server = server(&text(SERVER, take(SERVER))?.unwrap_or_else(|| "modern".to_owned()))?;
    let database = text(DATABASE, take(DATABASE))?.unwrap_or_else(|| "sqlite://provider.db".to_owned());
    check_database(&database)?;
    let options = Options {
        server,
        bind: text(BIND, take(BIND))?.unwrap_or_else(|| "127.0.0.1:9000".to_owned()),
        issuer: text(ISSUER, take(ISSUER))?,
        database,
        seed: take(SEED).map(PathBuf::from),
        audit: take(AUDIT).map(PathBuf::from),
    };
    Ok(if check { Order::Check(options) } else { Order::Run(options) })
}

/// What is on the command line.
#[derive(Default)]
struct Given {
    /// The flags by name.
    flags: BTreeMap<&'static str, OsString>,
    check: bool,
}

/// Reads the command line; `None` when it asks for help.
fn given() -> Result<Option<Given>, Error> {
    let mut given = Given::default();
    let mut parser = lexopt::Parser::from_env();
    while let Some(argument) = parser.next().map_err(unusable)? {
        let name = match argument {
            Arg::Long("help") | Arg::Short('h') => return Ok(None),
            Arg::Long("check") => {
                given.check = true;
                continue;
            }
            Arg::Long(name) => FLAGS.iter().find(|(flag, _)| *flag == name).map(|(flag, _)| *flag),
            _ => None,
        };
        let name = name.ok_or_else(|| unusable(argument.unexpected()))?;
        let value = parser.value().map_err(unusable)?;
        // The next flag, where the value was forgotten.
        if value.is_empty() || value.as_encoded_bytes().starts_with(b"--") {
            return Err(Error::new(format!("missing argument for option '--{name}': see --help")));
        }
        given.flags.insert(name, value);
    }
    Ok(Some(given))
}

fn unusable(error: lexopt::Error) -> Error {
    let error = match error {
        // The one that the library does not escape.
        lexopt::Error::UnexpectedOption(name) => format!("invalid option '{}'", name.escape_debug()),
        error => error.to_string(),
    };
    Error::new(format!("{error}: see --help"))
}

fn text((name, variable): Flag, value: Option<OsString>) -> Result<Option<String>, Error> {
    let not_text = |_| Error::new(format!("--{name} or {variable} is not Unicode"));
    value.map(|value| value.into_string().map_err(not_text)).transpose()
}

fn server(name: &str) -> Result<Which, Error> {
    match name {
        "modern" => Ok(Which::Modern),
        "classic" => Ok(Which::Classic),
        _ => {
            let name = name.escape_debug();
            Err(Error::new(format!("there is no server `{name}`: use --server modern or --server classic")))
        }
    }
}

/// The address is not repeated: it may have a password in it.
fn check_database(url: &str) -> Result<(), Error> {
    if url.starts_with("sqlite:") {
        Ok(())
    } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
        Err(Error::new("PostgreSQL is not built yet: use --database sqlite://FILE"))
    } else {
        Err(Error::new(
            "the database is not of a known kind: use --database sqlite://FILE or sqlite::memory:",
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(bind: &str) -> Options {
        let (bind, database) = (bind.to_owned(), "sqlite::memory:".to_owned());
        Options { server: Which::Modern, bind, issuer: None, database, seed: None, audit: None }
    }

    /// Port 80 is for root in most places, so that no test listens there.
    #[test]
    fn the_issuer_has_the_port_unless_it_is_that_of_http() {
        for (bind, listening, issuer) in [
            ("127.0.0.1:80", "127.0.0.1:80", "http://127.0.0.1"),
            ("localhost:80", "127.0.0.1:80", "http://localhost"),
            ("[::1]:80", "[::1]:80", "http://[::1]"),
            ("127.0.0.1:0", "127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("[::1]:0", "[::1]:443", "http://[::1]:443"),
        ] {
            assert_eq!(options(bind).issuer(listening.parse().unwrap()).unwrap(), issuer, "{bind}");
        }
    }

    #[test]
    fn an_issuer_that_is_given_stays_as_it_is() {
        let given = Options { issuer: Some("https://id.example".to_owned()), ..options("0.0.0.0:80") };
        assert_eq!(given.issuer("0.0.0.0:80".parse().unwrap()).unwrap(), "https://id.example");
        let refused = options("0.0.0.0:80").issuer("0.0.0.0:80".parse().unwrap()).unwrap_err();
        assert!(refused.to_string().starts_with("0.0.0.0:80 is not a loopback address: "), "{refused}");
    }
}
