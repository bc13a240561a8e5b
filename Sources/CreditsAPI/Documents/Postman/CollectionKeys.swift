import Ledger

extension PostmanCollection {
    /// The last folder: on a server without keys the first one closes it, and its revocation opens
    /// it again.
    static let keys = CollectionFolder(
        name: "Keys",
        description: "A key is made, used and revoked. A server without keys is closed to "
            + "everybody else while this one is in force, so the steps show it themselves. Where "
            + "a run was cut short before the key's end, `credits keys list` names it, and "
            + "`credits keys revoke` with its number opens the server again.",
        steps: making + ending)

    private static let making: [CollectionStep] = [
        CollectionStep(
            name: "Create a key", target: .operation("createKey"),
            purpose: "It can do what the next steps do.",
            body: .json(["name": "Collection {{$guid}}", "scopes": ["keys:manage", "users:read"]]),
            checks: [
                .init(
                    "Key can be recognised",
                    "pm.expect(body.key).to.match(/^credits_[0-9a-f]{64}$/);",
                    "pm.expect(body.key.startsWith(body.hint.slice(0, -3))).to.be.true;")
            ],
            memory: [
                "pm.collectionVariables.set('apiKey', body.key);",
                "pm.collectionVariables.set('keyId', body.key_id);",
            ]),
        CollectionStep(
            name: "Use the key", target: .operation("listUsers"),
            purpose: "As X-API-Key; Authorization: Bearer does the same.",
            query: [("limit", "1")], headers: [("X-API-Key", "{{apiKey}}")], isAnonymous: true),
        CollectionStep(
            name: "Use the key for what it may not do", target: .operation("getBalance"),
            purpose: "The problem names the scope that is missing.", headers: bearer,
            isAnonymous: true, outcome: .problem(.missingScope),
            checks: [
                .init("Scope is named", "pm.expect(body.scope).to.equal('credits:read');")
            ]),
        CollectionStep(
            name: "Create a key that may do more", target: .operation("createKey"),
            purpose: "Nobody gives what he does not have.", headers: bearer, isAnonymous: true,
            body: .json(["name": "More", "scopes": ["schema:apply"]]),
            outcome: .problem(.missingScope)),
        CollectionStep(
            name: "List keys", target: .operation("listKeys"),
            purpose: "The newest is the one that was made.", query: [("limit", "1")],
            headers: bearer, isAnonymous: true,
            checks: [
                .init(
                    "Secret is not told again",
                    "pm.expect(body.keys[0]).to.not.have.property('key');"
                )
            ]),
        CollectionStep(
            name: "Read the audit log", target: .operation("listAuditEntries"),
            purpose: "It tells of the key.", query: [("limit", "5")], headers: bearer,
            isAnonymous: true,
            checks: [
                .init(
                    "Key's making is told",
                    "const target = 'key:' + pm.collectionVariables.get('keyId');",
                    "pm.expect(body.entries.some((entry) => entry.target === target)).to.be.true;")
            ]),
    ]

    private static let ending: [CollectionStep] = [
        CollectionStep(
            name: "Revoke a key that is not there", target: .operation("revokeKey"),
            purpose: "Keys have numbers from 1 up.",
            pathValues: ["key_id": "9223372036854775807"], headers: bearer, isAnonymous: true,
            outcome: .problem(.keyNotFound)),
        CollectionStep(
            name: "Revoke the key", target: .operation("revokeKey"),
            purpose: "It revokes itself.", pathValues: ["key_id": "{{keyId}}"], headers: bearer,
            isAnonymous: true,
            checks: [.init("Key is revoked", "pm.expect(body.revoked_at).to.be.a('string');")]),
        CollectionStep(
            name: "Use the revoked key", target: .operation("createKey"),
            purpose: "It is as good as none.", headers: bearer, isAnonymous: true,
            body: .json([:]), outcome: .guarded(.invalidKey, else: .invalidValue)),
    ]

    private static let bearer = [(name: "Authorization", value: "Bearer {{apiKey}}")]
}
