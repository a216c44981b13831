//! What a person has agreed to is stored with the code, and taken back with all that came from it.

use futures_util::future::try_join_all;

use super::{Bench, Kept, Party, RIVALS, ROUNDS, Report, expect, present};
use crate::model::{Consent, Models};
use crate::store::{Agreed, Authorization, Issuance, Redemption, Store};
use crate::types::{ScopeSet, Timestamp};

pub(super) async fn promises<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>, report: &mut Report) {
    report.add("a consent is stored with its code and replaces the one before", replaced(bench).await);
    report.add("a consent and its code are stored both or not at all", all_or_nothing(bench).await);
    report.add("no code and no consent are stored for a client that does not exist", no_client(bench).await);
    report.add("concurrent consents are one in the end, with all their codes", at_once(bench).await);
    report.add("a withdrawn consent ends the codes and tokens that came from it", withdrawn(bench).await);
    report.add("no code is stored when the consent it rests on was withdrawn", rests_on(bench).await);
    report.add("a consent and its token are stored both or not at all", with_token(bench).await);
    report.add("no token is stored when the consent it rests on was withdrawn", token_rests_on(bench).await);
    report.add("a withdrawn consent is only this person's for this client", bystanders(bench).await);
    report.add("deleting a client forgets what people agreed to for it", delete_client(bench).await);
}

fn consent<S: crate::types::Scope>(party: &Party, granted_at: Timestamp) -> Consent<S> {
    let (subject, client_id) = (party.subject.clone(), party.client_id.clone());
    Consent { subject, client_id, scope: ScopeSet::all(), granted_at }
}

/// When the person agreed, as it is stored.
async fn granted_at<M: Models, S: Store<M>>(
    bench: &Bench<'_, M, S>,
    party: &Party,
) -> Result<Option<Timestamp>, crate::error::Error> {
    let stored = bench.store(1).consent(&party.subject, &party.client_id).await?;
    Ok(stored.map(|consent| consent.granted_at))
}

async fn agree<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>, party: &Party, at: i64) -> Kept {
    let ((_, code), consent) = (bench.code(party, present(60)), consent(party, present(at)));
    let stored =
        bench.store(0).authorize(Authorization { code: &code, agreed: Agreed::Now(&consent) }).await?;
    expect("stored", stored, true)?;
    expect("when it was agreed to", granted_at(bench, party).await?, Some(present(at)))
}

async fn replaced<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>) -> Kept {
    let party = bench.party().await?;
    expect("before", granted_at(bench, &party).await?, None)?;
    agree(bench, &party, 1).await?;
    agree(bench, &party, 2).await?;
    // Agreed before: a code without a consent changes nothing.
    bench.stored_code(&party).await?;
    expect("when it was agreed to", granted_at(bench, &party).await?, Some(present(2)))
}

async fn all_or_nothing<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>) -> Kept {
    let party = bench.party().await?;
    let (_, code) = bench.code(&party, present(60));
    bench.store(0).authorize(Authorization { code: &code, agreed: Agreed::Elsewhere }).await?;
    let consent = consent(&party, present(1));
    let again = bench.store(0).authorize(Authorization { code: &code, agreed: Agreed::Now(&consent) }).await;
    expect("stored with a code that is there already", again.unwrap_or_default(), false)?;
    expect("the consent", granted_at(bench, &party).await?, None)
}

async fn no_client<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>) -> Kept {
    let nobody = bench.of_client(bench.client_id());
    let consent = consent(&nobody, present(1));
    for agreed in [Agreed::Elsewhere, Agreed::Before, Agreed::Now(&consent)] {
        let (digest, code) = bench.code(&nobody, present(60));
        let stored = bench.store(0).authorize(Authorization { code: &code, agreed }).await?;
        expect("stored", stored, false)?;
        expect("the code is there", bench.store(1).code(&digest).await?.is_some(), false)?;
        expect("the consent", granted_at(bench, &nobody).await?, None)?;
    }
    Ok(())
}

async fn at_once<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>) -> Kept {
    for _ in 0..ROUNDS {
        let party = bench.party().await?;
        let rivals = (0..RIVALS)
            .zip(1..)
            .map(|(number, at)| (number, bench.code(&party, present(60)), consent(&party, present(at))));
        let rivals: Vec<_> = rivals.collect();
        let stored = try_join_all(rivals.iter().map(|(number, (_, code), consent)| {
            bench.store(*number).authorize(Authorization { code, agreed: Agreed::Now(consent) })
        }));
        expect("stored", stored.await?.into_iter().all(|stored| stored), true)?;
        for (_, (digest, _), _) in &rivals {
            expect("a code is there", bench.store(0).code(digest).await?.is_some(), true)?;
        }
        let granted = granted_at(bench, &party).await?;
        let one_of_them = rivals.iter().any(|(_, _, consent)| Some(consent.granted_at) == granted);
        expect("the consent is one of them", one_of_them, true)?;
    }
    Ok(())
}

async fn withdrawn<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>) -> Kept {
    let party = bench.party().await?;
    agree(bench, &party, 1).await?;
    let (code, used) = (bench.stored_code(&party).await?, bench.stored_code(&party).await?);
    let (token, more) = (bench.fresh(&party), bench.fresh(&party));
    let earlier = bench.stored(&bench.again(&party)).await?;
    let rows = std::slice::from_ref(&token.row);
    bench.redeem(0, (used, &party.client_id), present(2), rows).await?;
    let withdraw =
        async |at| bench.store(0).withdraw_consent(&party.subject, &party.client_id, present(at)).await;
    expect("tokens that were revoked", withdraw(5).await?, 2)?;
    expect("the consent", granted_at(bench, &party).await?, None)?;
    for access in [token.access, earlier.access] {
        expect("a token is live", bench.is_live(&access).await?, false)?;
    }
    for code in [code, used] {
        let rows = std::slice::from_ref(&more.row);
        let answer = bench.redeem(1, (code, &party.client_id), present(6), rows).await?;
        expect("a code is used", answer == Redemption::Consumed, false)?;
        expect("its token is stored", bench.is_stored(&more.access).await?, false)?;
    }
    expect("tokens that were revoked again", withdraw(7).await?, 0)
}

async fn rests_on<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>) -> Kept {
    let party = bench.party().await?;
    agree(bench, &party, 1).await?;
    let before =
        async |code: &M::Code| bench.store(0).authorize(Authorization { code, agreed: Agreed::Before }).await;
    let ((_, first), (digest, second)) = (bench.code(&party, present(60)), bench.code(&party, present(60)));
    expect("stored while it is there", before(&first).await?, true)?;
    bench.store(1).withdraw_consent(&party.subject, &party.client_id, present(5)).await?;
    expect("stored afterwards", before(&second).await?, false)?;
    expect("the code is there", bench.store(1).code(&digest).await?.is_some(), false)
}

/// A token that is the answer to an authorization request itself.
async fn with_token<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>) -> Kept {
    let (party, nobody) = (bench.party().await?, bench.of_client(bench.client_id()));
    let issue = async |token: &M::Token, agreed: &Consent<M::Scopes>| {
        let issuance = Issuance { agreed: Agreed::Now(agreed), ..Issuance::of(std::slice::from_ref(token)) };
        bench.store(0).issue(issuance).await
    };
    let there = bench.stored(&party).await?;
    let again = issue(&there.row, &consent(&party, present(1))).await;
    expect("stored with a token that is there already", again.unwrap_or_default(), false)?;
    expect("the consent", granted_at(bench, &party).await?, None)?;
    let orphan = bench.fresh(&nobody);
    let stored = issue(&orphan.row, &consent(&nobody, present(1))).await?;
    expect("stored for a client that does not exist", stored, false)?;
    expect("its token is stored", bench.is_stored(&orphan.access).await?, false)?;
    expect("its consent", granted_at(bench, &nobody).await?, None)?;
    for at in [2, 3] {
        let token = bench.fresh(&party);
        expect("stored", issue(&token.row, &consent(&party, present(at))).await?, true)?;
        expect("the token is live", bench.is_live(&token.access).await?, true)?;
        expect("when it was agreed to", granted_at(bench, &party).await?, Some(present(at)))?;
    }
    Ok(())
}

async fn token_rests_on<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>) -> Kept {
    let party = bench.party().await?;
    let before = async |token: &M::Token| {
        let issuance = Issuance { agreed: Agreed::Before, ..Issuance::of(std::slice::from_ref(token)) };
        bench.store(0).issue(issuance).await
    };
    let [never, first, second] = [(); 3].map(|()| bench.fresh(&party));
    expect("stored when nobody ever agreed", before(&never.row).await?, false)?;
    agree(bench, &party, 1).await?;
    expect("stored while it is there", before(&first.row).await?, true)?;
    bench.store(1).withdraw_consent(&party.subject, &party.client_id, present(5)).await?;
    expect("stored afterwards", before(&second.row).await?, false)?;
    for (token, stored) in [(&never, false), (&first, true), (&second, false)] {
        expect("the token is stored", bench.is_stored(&token.access).await?, stored)?;
    }
    expect("the first is live", bench.is_live(&first.access).await?, false)
}

async fn bystanders<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>) -> Kept {
    let (party, elsewhere) = (bench.party().await?, bench.party().await?);
    let other_person = bench.of_client(party.client_id.clone());
    let other_client = Party { subject: party.subject.clone(), ..elsewhere };
    for party in [&party, &other_person, &other_client] {
        agree(bench, party, 1).await?;
    }
    let codes = [bench.stored_code(&other_person).await?, bench.stored_code(&other_client).await?];
    let tokens = [bench.stored(&other_person).await?, bench.stored(&other_client).await?];
    bench.store(1).withdraw_consent(&party.subject, &party.client_id, present(5)).await?;
    for ((party, code), token) in [&other_person, &other_client].into_iter().zip(codes).zip(tokens) {
        expect("the consent", granted_at(bench, party).await?, Some(present(1)))?;
        expect("the token is live", bench.is_live(&token.access).await?, true)?;
        let next = bench.fresh(party);
        let rows = std::slice::from_ref(&next.row);
        let answer = bench.redeem(0, (code, &party.client_id), present(6), rows).await?;
        expect("the code is used", answer, Redemption::Consumed)?;
    }
    Ok(())
}

async fn delete_client<M: Models, S: Store<M>>(bench: &Bench<'_, M, S>) -> Kept {
    let (party, elsewhere) = (bench.party().await?, bench.party().await?);
    let other_client = Party { subject: party.subject.clone(), ..elsewhere };
    agree(bench, &party, 1).await?;
    agree(bench, &other_client, 1).await?;
    bench.store(0).delete_client(&party.client_id, present(2)).await?;
    expect("the consent", granted_at(bench, &party).await?, None)?;
    expect("that for another client", granted_at(bench, &other_client).await?, Some(present(1)))
}
