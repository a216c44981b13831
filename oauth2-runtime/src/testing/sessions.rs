//! A browser has one session, and a person can end all of theirs.

use futures_util::future::try_join_all;

use super::{Bench, Kept, RIVALS, Report, expect, present};
use crate::model::{Models, Session};
use crate::store::Store;
use crate::types::{Digest, SessionId, Subject};

pub(super) async fn promises<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>, report: &mut Report) {
    report.add("a new session replaces the browser's previous one", replaced(bench).await);
    report.add("a session that cannot be stored leaves the previous one", all_or_nothing(bench).await);
    report.add("concurrent sign-ins in one browser all succeed", at_once(bench).await);
    report.add("a person's sessions end together, and nobody else's", end(bench).await);
}

fn session<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>, subject: &Subject) -> Session {
    let (session, subject) = (bench.digest(), subject.clone());
    Session {
        session,
        subject,
        username: "somebody".to_owned(),
        signed_in_at: present(0),
        expires_at: present(60),
    }
}

fn subject<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>) -> Subject {
    format!("u-{}", bench.number()).into()
}

async fn is_there<M: Models, S: Store<M>>(
    bench: &Bench<'_, M, S>,
    digest: &Digest<SessionId>,
    there: bool,
) -> Kept {
    expect("a session is there", bench.store(1).session(digest).await?.is_some(), there)
}

async fn replaced<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>) -> Kept {
    let (alice, bob) = (subject(bench), subject(bench));
    let (first, second, third) = (session(bench, &alice), session(bench, &bob), session(bench, &alice));
    let store = bench.store(0);
    // A browser that nobody has used yet has an identifier all the same.
    store.start_session(&first, Some(&bench.digest())).await?;
    store.start_session(&third, None).await?;
    let stored = bench.store(1).session(&first.session).await?;
    expect("the row", stored.map(|row| format!("{row:?}")), Some(format!("{first:?}")))?;
    store.start_session(&second, Some(&first.session)).await?;
    is_there(bench, &first.session, false).await?;
    is_there(bench, &second.session, true).await?;
    is_there(bench, &third.session, true).await
}

async fn all_or_nothing<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>) -> Kept {
    let (alice, bob) = (subject(bench), subject(bench));
    let (previous, taken) = (session(bench, &alice), session(bench, &bob));
    bench.store(0).start_session(&previous, None).await?;
    bench.store(0).start_session(&taken, None).await?;
    let again = Session { subject: alice, ..taken.clone() };
    let started = bench.store(0).start_session(&again, Some(&previous.session)).await;
    expect("started with an identifier that is taken", started.is_ok(), false)?;
    is_there(bench, &previous.session, true).await?;
    let whose = bench.store(1).session(&taken.session).await?.map(|row| row.subject);
    expect("whose session it is", whose, Some(bob))
}

async fn at_once<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>) -> Kept {
    let alice = subject(bench);
    let previous = session(bench, &alice);
    bench.store(0).start_session(&previous, None).await?;
    let next: Vec<_> = (0..RIVALS).map(|number| (number, session(bench, &alice))).collect();
    let previous = previous.session;
    try_join_all(next.iter().map(|(number, next)| bench.store(*number).start_session(next, Some(&previous))))
        .await?;
    is_there(bench, &previous, false).await?;
    for (_, next) in next {
        is_there(bench, &next.session, true).await?;
    }
    Ok(())
}

async fn end<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>) -> Kept {
    let (alice, bob) = (subject(bench), subject(bench));
    let sessions = [session(bench, &alice), session(bench, &alice), session(bench, &bob)];
    for session in &sessions {
        bench.store(0).start_session(session, None).await?;
    }
    expect("ended", bench.store(1).end_sessions(&alice).await?, 2)?;
    for session in &sessions {
        is_there(bench, &session.session, session.subject == bob).await?;
    }
    expect("ended again", bench.store(1).end_sessions(&alice).await?, 0)
}
