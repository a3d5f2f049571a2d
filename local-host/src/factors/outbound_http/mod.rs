//! `wasi:http` outwards: requests of guests to the hosts that their component may connect to.

mod client;

use std::future::Future;
use std::sync::Arc;
use std::time::Instant;

use http::uri::{Authority, Scheme};
use http::{HeaderName, Uri, header};
use wasmtime_wasi_http::{
    DEFAULT_FORBIDDEN_HEADERS, Error, ForbiddenHeaderFilter, RequestOptions, WasiBody,
    WasiHttpHooks,
};

pub(crate) use self::client::HttpClient;
use super::allowed_hosts::{AllowedHosts, Destination};
use crate::metrics::{Outcome, StoreCalls};

/// What `wasi:http` asks of this host, for the instances of one component.
pub(crate) struct Hooks {
    /// The component's id, for the log.
    pub(crate) component: Arc<str>,
    /// Where the component may connect to.
    pub(crate) allowed: Arc<AllowedHosts>,
    pub(crate) client: HttpClient,
    /// Where this host listens: what requests to `self` are sent to.
    pub(crate) own_address: Authority,
    /// What its requests are counted by.
    pub(crate) calls: Arc<StoreCalls>,
}

impl Hooks {
    /// Checks where a request goes; a request without a host goes to the application itself.
    fn check(&self, uri: &mut Uri) -> Result<(), Error> {
        let to_itself = uri.host().is_none_or(|host| host.is_empty() || host == "self");
        if to_itself {
            if !self.allowed.allows_self() {
                self.refuse("http://self");
                return Err(Error::HttpRequestDenied);
            }
            let mut parts = uri.clone().into_parts();
            parts.scheme = Some(Scheme::HTTP);
            parts.authority = Some(self.own_address.clone());
            *uri = Uri::from_parts(parts).map_err(|_| Error::HttpRequestUriInvalid)?;
            return Ok(());
        }
        let destination = Destination::of_uri(uri).ok_or(Error::HttpRequestUriInvalid)?;
        if !self.allowed.allows(&destination) {
            self.refuse(&destination);
            return Err(Error::HttpRequestDenied);
        }
        Ok(())
    }

    fn refuse(&self, destination: impl std::fmt::Display) {
        tracing::warn!(
            component = %self.component,
            "refused a request to {destination}; to allow it, add it to allowed_outbound_hosts of \
             the component in the manifest"
        );
    }
}

type Sent =
    Result<(http::Response<WasiBody>, Box<dyn Future<Output = Result<(), Error>> + Send>), Error>;

impl WasiHttpHooks for Hooks {
    /// As in Spin a guest sees the `Host` of its requests.
    fn is_forbidden_header(&mut self, name: &HeaderName) -> bool {
        is_forbidden(name)
    }

    fn forbidden_header_filter(&mut self) -> ForbiddenHeaderFilter {
        Arc::new(is_forbidden)
    }

    /// The client sets it, from where the request really goes.
    fn set_host_header(&mut self) -> bool {
        false
    }

    fn send_request(
        &mut self,
        mut request: http::Request<WasiBody>,
        options: Option<RequestOptions>,
        _: Box<dyn Future<Output = Result<(), Error>> + Send>,
    ) -> Box<dyn Future<Output = Sent> + Send> {
        let checked = self.check(request.uri_mut());
        request.headers_mut().remove(header::HOST);
        let (client, calls) = (self.client.clone(), Arc::clone(&self.calls));
        Box::new(async move {
            checked?;
            let began = Instant::now();
            let answered = client.send(request, options.unwrap_or_default()).await;
            calls.ended(began, answered.as_ref().map_or(Outcome::Failed, |_| Outcome::Ok));
            let response = answered?;
            let done: Box<dyn Future<Output = Result<(), Error>> + Send> =
                Box::new(std::future::ready(Ok(())));
            Ok((response, done))
        })
    }
}

fn is_forbidden(name: &HeaderName) -> bool {
    name != header::HOST && DEFAULT_FORBIDDEN_HEADERS.contains(name)
}
