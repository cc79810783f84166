from credit_collection.core.dispute import Dispute, share


def test_one_credit_lowers_one_dispute():
    disputes = [Dispute(1, 200, {}), Dispute(2, 300, {})]
    assert share(disputes, {7: 200}) == {1: {7: 200}, 2: {}}
    assert share(disputes, {7: 200, 8: 300}) == {1: {7: 200}, 2: {8: 300}}
    assert share(disputes, {7: 350}) == {1: {7: 200}, 2: {7: 150}}


def test_accepted_first():
    disputes = [Dispute(1, 200, {}), Dispute(2, 200, {}, accepted=True)]
    assert share(disputes, {7: 200}) == {1: {}, 2: {7: 200}}


def test_what_a_dispute_took_stays_with_it():
    disputes = [
        Dispute(1, 200, {7: 200}, waiting=False),
        Dispute(2, 200, {}, accepted=True),
    ]
    assert share(disputes, {7: 200}) == {1: {7: 200}, 2: {}}
    assert share(disputes, {}) == {1: {}, 2: {}}
    assert share(disputes, {7: 150, 9: 100}) == {1: {7: 150}, 2: {9: 100}}


def test_credits_from_before_and_ended_disputes():
    assert share([Dispute(1, 200, {}, floor=7)], {7: 200}) == {1: {}}
    assert share([Dispute(1, 200, {}, waiting=False)], {7: 200}) == {1: {}}
