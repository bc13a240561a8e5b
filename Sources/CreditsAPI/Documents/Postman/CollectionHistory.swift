extension PostmanCollection {
    static let history = CollectionFolder(
        name: "History",
        description: "What was: the user's ledger, page by page and filtered, and the balance at a "
            + "time.",
        steps: pages + times + refusals)

    private static let pages: [CollectionStep] = [
        CollectionStep(
            name: "Earn something to look back at", target: .operation("addCredits"),
            purpose: "The newest entry of the pages that follow.",
            body: .json(["amount": 40, "reason": "Talk given", "metadata": ["talk": 7]]),
            memory: [
                "pm.collectionVariables.set('transactionId', body.transaction_id);",
                "pm.collectionVariables.set('moment', body.last_updated);",
            ]),
        CollectionStep(
            name: "Spend some of it", target: .operation("deductCredits"),
            purpose: "A second entry.", body: .json(["amount": 15]),
            memory: ["pm.collectionVariables.set('balance', body.credits);"]),
        CollectionStep(
            name: "Read the newest entry", target: .operation("listTransactions"),
            purpose: "A page of one, which leads to the next.", query: [("limit", "1")],
            checks: [
                .init(
                    "Entry is that of the deduction",
                    "pm.expect(body.transactions.length).to.equal(1);",
                    "const now = Number(pm.collectionVariables.get('balance'));",
                    "pm.expect(body.transactions[0].kind).to.equal('deduct');",
                    "pm.expect(body.transactions[0].amount).to.equal(-15);",
                    "pm.expect(body.transactions[0].balance_after).to.equal(now);"),
                .init(
                    "Link leads to the next page",
                    "const link = pm.response.headers.get('Link');",
                    "pm.expect(link).to.include('rel=\"next\"');",
                    "pm.expect(link).to.include(body.next_cursor);"),
            ],
            memory: ["pm.collectionVariables.set('cursor', body.next_cursor);"]),
        CollectionStep(
            name: "Read the entry before it", target: .operation("listTransactions"),
            purpose: "With the cursor of the page before.",
            query: [("limit", "1"), ("cursor", "{{cursor}}")],
            checks: [
                .init(
                    "Entry is that of the addition, with all that it was given",
                    "const entry = body.transactions[0];",
                    "pm.expect(entry.transaction_id).to.equal("
                        + "Number(pm.collectionVariables.get('transactionId')));",
                    "pm.expect(entry.kind).to.equal('add');",
                    "pm.expect(entry.reason).to.equal('Talk given');",
                    "pm.expect(entry.metadata).to.eql({ talk: 7 });")
            ]),
        CollectionStep(
            name: "Filter by kind and time", target: .operation("listTransactions"),
            purpose: "A kind may be given several times; `from` includes its moment.",
            query: [("kind", "add"), ("kind", "reset"), ("from", "{{moment}}")],
            checks: [
                .init(
                    "Only the addition is left",
                    "pm.expect(body.transactions.length).to.equal(1);",
                    "pm.expect(body.transactions[0].created_at).to.equal("
                        + "pm.collectionVariables.get('moment'));")
            ]),
    ]

    private static let times: [CollectionStep] = [
        CollectionStep(
            name: "Read the balance at a time", target: .operation("getBalance"),
            purpose: "As it was before the deduction.", query: [("at", "{{moment}}")],
            checks: [
                .init(
                    "Balance is what the addition left",
                    "const now = Number(pm.collectionVariables.get('balance'));",
                    "pm.expect(body.credits).to.equal(now + 15);",
                    "pm.expect(body.last_updated).to.equal(pm.collectionVariables.get('moment'));")
            ]),
        CollectionStep(
            name: "Read the balance long ago", target: .operation("getBalance"),
            purpose: "Before the first entry it was 0.", query: [("at", "2001-01-01T00:00:00Z")],
            checks: [.init("Balance is zero", "pm.expect(body.credits).to.equal(0);")]),
    ]

    private static let refusals: [CollectionStep] = [
        CollectionStep(
            name: "Filter that does not exist", target: .operation("listTransactions"),
            purpose: "It is refused and not ignored, and the detail names those that exist.",
            query: [("type", "add")], outcome: .problem(.invalidValue),
            checks: [
                .init(
                    "Error names the parameter",
                    "pm.expect(body.errors[0].parameter).to.equal('type');",
                    "pm.expect(body.errors[0].in).to.equal('query');",
                    "pm.expect(body.detail).to.include('idempotency_key');")
            ]),
        CollectionStep(
            name: "Cursor of other filters", target: .operation("listTransactions"),
            purpose: "It would skip entries.",
            query: [("cursor", "{{cursor}}"), ("kind", "add")], outcome: .problem(.invalidValue),
            checks: [
                .init(
                    "Error names the cursor",
                    "pm.expect(body.errors[0].parameter).to.equal('cursor');")
            ]),
        CollectionStep(
            name: "Time that is still to come", target: .operation("getBalance"),
            purpose: "Nobody knows the balance then.", query: [("at", "9999-01-01T00:00:00Z")],
            outcome: .problem(.invalidValue),
            checks: [
                .init(
                    "Error names the parameter",
                    "pm.expect(body.errors[0].parameter).to.equal('at');")
            ]),
    ]
}
