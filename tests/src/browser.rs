//! As much of a browser as the pages need: a cookie jar and forms. It follows no redirect by itself.

use std::collections::BTreeMap;
use std::net::SocketAddr;

use crate::http::{Request, Response};

/// One person's browser.
#[derive(Debug, Clone)]
pub struct Browser {
    address: SocketAddr,
    /// By name.
    pub cookies: BTreeMap<String, String>,
}

impl Browser {
    /// One that nobody has used yet.
    #[must_use]
    pub const fn new(address: SocketAddr) -> Self {
        Self { address, cookies: BTreeMap::new() }
    }

    /// Opens a path.
    pub async fn get(&mut self, target: &str) -> Response {
        self.send(Request::get(target)).await
    }

    /// Sends a form's fields to a path.
    pub async fn post(&mut self, target: &str, fields: &[(&str, &str)]) -> Response {
        let body: String = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.send(Request::form(target, body)).await
    }

    /// Sends a request with the cookies, and keeps those of the answer.
    pub async fn send(&mut self, request: Request) -> Response {
        let cookies: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request =
            if cookies.is_empty() { request } else { request.header("cookie", &cookies.join("; ")) };
        let response = request.send(self.address).await;
        for (_, cookie) in response.headers.iter().filter(|(name, _)| name == "set-cookie") {
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
        response
    }

    /// Fills in the sign-in form of `page`, which is at `target`.
    pub async fn sign_in(&mut self, page: &Response, target: &str, name: &str, password: &str) -> Response {
        let hidden = hidden_fields(&page.body);
        let mut fields: Vec<_> = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        fields.extend([("username", name), ("password", password)]);
        self.post(target, &fields).await
    }

    /// Presses a button of the consent form of `page`, which is at `target`.
    pub async fn decide(&mut self, page: &Response, target: &str, decision: &str) -> Response {
        let hidden = hidden_fields(&page.body);
        let mut fields: Vec<_> = hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        fields.push(("decision", decision));
        self.post(target, &fields).await
    }
}

/// The names and values of the hidden inputs of a page.
#[must_use]
pub fn hidden_fields(html: &str) -> Vec<(String, String)> {
    let inputs = html.split("<input").skip(1).map(|rest| rest.split('>').next().unwrap_or_default());
    let hidden = inputs.filter(|input| input.contains("type=\"hidden\""));
    hidden.map(|input| (attribute(input, "name"), attribute(input, "value"))).collect()
}

/// The value of an attribute of a tag.
pub(crate) fn attribute(tag: &str, name: &str) -> String {
    let start = format!(" {name}=\"");
    let rest = tag.split_once(&start).unwrap_or_else(|| panic!("no `{name}` in `{tag}`")).1;
    let value = rest.split('"').next().unwrap_or_default();
    let escapes = [("&#34;", "\""), ("&#39;", "'"), ("&#60;", "<"), ("&#62;", ">"), ("&#38;", "&")];
    escapes.iter().fold(value.to_owned(), |value, (escape, text)| value.replace(escape, text))
}
