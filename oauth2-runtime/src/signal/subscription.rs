use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::OnceLock;
use std::task::{Context, Poll};

use futures_util::stream::{BoxStream, Stream, unfold};
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::broadcast::{Receiver, Sender, channel};

#[cfg(test)]
use super::ClientAuthenticated;
use super::{Event, Occurrence};

/// How many events wait for a subscriber that is slower than they come. Of more the oldest are dropped.
pub const EVENTS_KEPT: usize = 1024;

/// Those who have subscribed. The channel is made for the first of them.
#[derive(Debug, Default)]
pub(crate) struct Subscribers(OnceLock<Sender<Occurrence>>);

impl Subscribers {
    /// Never waits. Without a subscriber the event is not even copied.
    pub(crate) fn tell(&self, event: Event<'_>) {
        let Some(sender) = self.listened() else { return };
        // An error means that the last subscriber went away in this moment.
        let _ = sender.send(event.kept());
    }

    fn listened(&self) -> Option<&Sender<Occurrence>> {
        self.0.get().filter(|sender| sender.receiver_count() > 0)
    }

    pub(crate) fn subscribe(&self) -> Events {
        let receiver = self.0.get_or_init(|| channel(EVENTS_KEPT).0).subscribe();
        Events(Box::pin(unfold(receiver, next)))
    }
}

async fn next(mut receiver: Receiver<Occurrence>) -> Option<(Notice, Receiver<Occurrence>)> {
    let notice = match receiver.recv().await {
        Ok(event) => Notice::Event(event),
        Err(RecvError::Lagged(events)) => Notice::Dropped(events),
        Err(RecvError::Closed) => return None,
    };
    Some((notice, receiver))
}

/// What a subscriber is told.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Notice {
    /// Something happened.
    Event(Occurrence),
    /// So many events, the oldest ones, were dropped here: more than [`EVENTS_KEPT`] were waiting.
    Dropped(u64),
}

/// The events since [`Ready::events`](crate::server::Ready::events) was called, in the order in which they were sent. Also a
/// [`Stream`], which ends with the server.
pub struct Events(BoxStream<'static, Notice>);

impl Events {
    /// Waits for the next event; `None` when the server is gone. It may be dropped while it waits: nothing is lost.
    pub async fn next(&mut self) -> Option<Notice> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await
    }
}

impl Stream for Events {
    type Item = Notice;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Notice>> {
        self.0.as_mut().poll_next(cx)
    }
}

impl fmt::Debug for Events {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Events")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::{ClientId, Timestamp};

    fn event() -> ClientAuthenticated {
        let (client_id, at) = (ClientId::from("robot"), Timestamp::from_unix_seconds(0));
        ClientAuthenticated { client_id, method: "none", at }
    }

    #[test]
    fn an_event_nobody_subscribed_to_makes_no_channel() {
        let subscribers = Subscribers::default();
        subscribers.tell(Event::client_authenticated(&event()));
        assert!(subscribers.0.get().is_none());
    }

    #[test]
    fn an_event_nobody_is_subscribed_to_any_more_is_not_copied() {
        let subscribers = Subscribers::default();
        let events = subscribers.subscribe();
        assert!(subscribers.listened().is_some());
        drop(events);
        assert!(subscribers.listened().is_none());
    }
}
