import Testing

@testable import CreditsAPI

struct `The Postman collection` {
    private static let parsed = Result {
        try JSONParser.parse(PostmanCollection.render(version: "1.2.3"))
    }
    private let collection: JSONValue
    /// The requests of all folders.
    private let items: [JSONValue]

    init() throws {
        collection = try Self.parsed.get()
        items = (collection["item"]?.elements ?? []).flatMap { $0["item"]?.elements ?? [] }
    }

    @Test func `is of version 2.1, in eight folders`() {
        #expect(collection["info"]?["schema"]?.text?.contains("v2.1.0") == true)
        let folders = collection["item"]?.elements.compactMap { $0["name"]?.text }
        #expect(
            folders == [
                "Happy path", "Transfers, reversals, batches", "History", "Grants", "Errors",
                "Schema", "Operations", "Deletion", "Keys",
            ])
    }

    @Test func `is the same in every rendering`() {
        let renderings = (0..<3).map { _ in PostmanCollection.render(version: "1.2.3") }
        #expect(Set(renderings).count == 1)
    }

    @Test func `keeps its identifiers from version to version`() throws {
        let other = try JSONParser.parse(PostmanCollection.render(version: "9.9.9"))
        #expect(other.all("id") == collection.all("id"))
    }

    @Test func `gives everything an identifier of its own, a UUID of version 5`() {
        let identifiers = collection.all("id").compactMap(\.text)
        #expect(identifiers.count > items.count * 2)
        #expect(Set(identifiers).count == identifiers.count)
        for identifier in identifiers {
            let parts = identifier.split(separator: "-")
            #expect(parts.map(\.count) == [8, 4, 4, 4, 12])
            #expect(parts[2].first == "5" && "89ab".contains(parts[3].prefix(1)))
        }
    }

    @Test func `calls every operation of the table`() {
        let called = Set(
            PostmanCollection.folders.flatMap(\.steps).compactMap(\.operationID))
        #expect(called == Set(RouteTable.routes.map(\.operationID)))
    }

    @Test func `names no two requests of a folder alike`() {
        for folder in PostmanCollection.folders {
            #expect(Set(folder.steps.map(\.name)).count == folder.steps.count)
        }
    }

    @Test func `describes each request, checks its answer and shows examples of it`() {
        for item in items {
            #expect(item["request"]?["description"]?.text?.isEmpty == false)
            let events = item["event"]?.elements ?? []
            let test = events.first { $0["listen"] == "test" }
            let script = test?["script"]?["exec"]?.elements.compactMap(\.text) ?? []
            #expect(script.count { $0.hasPrefix("pm.test(") } >= 2)
            let codes = (item["response"]?.elements ?? []).map { $0["code"] }
            #expect(codes.count == 2 || isUndeclared(item), "\(item["name"]?.text ?? "")")
        }
    }

    @Test func `shows of each call a success and an error`() {
        for item in items where !isUndeclared(item) {
            let codes = (item["response"]?.elements ?? []).compactMap { example -> Int64? in
                guard case .number(let code) = example["code"] else { return nil }
                return Int64(code.lexeme)
            }
            #expect(codes.contains { $0 < 400 } && codes.contains { $0 >= 400 })
        }
    }

    @Test func `uses no variable that it does not have`() {
        let known = collection["variable"]?.elements.compactMap { $0["key"]?.text } ?? []
        let text = String(decoding: collection.encoded(), as: UTF8.self)
        for use in text.split(separator: "{{").dropFirst() {
            let name = String(use.prefix { $0 != "}" })
            #expect(known.contains(name) || name == "$guid", "\(name)")
        }
    }

    @Test func `says the same in a URL's text as in its parts`() {
        for item in items {
            let url = item["request"]?["url"]
            let path = (url?["path"]?.elements ?? []).compactMap(\.text).joined(separator: "/")
            #expect(url?["raw"]?.text?.hasPrefix("{{baseUrl}}/\(path)") == true)
        }
    }

    /// A request for what the table does not have: there is no success to show.
    private func isUndeclared(_ item: JSONValue) -> Bool {
        ["Method is not there", "Path is not there"].contains(item["name"]?.text)
    }
}

struct `A stable identifier` {
    // RFC 9562, A.4, with the DNS namespace of 6.6.
    @Test func `is the one that the RFC shows`() {
        let namespace: [UInt8] = [
            0x6B, 0xA7, 0xB8, 0x10, 0x9D, 0xAD, 0x11, 0xD1, 0x80, 0xB4, 0x00, 0xC0, 0x4F, 0xD4,
            0x30, 0xC8,
        ]
        #expect(
            StableIdentifier.make("www.example.com", in: namespace)
                == "2ed6657d-e927-568b-95e1-2665a8aea6a2")
    }

    // Lengths on both sides of a block's end, where the padding is easily wrong.
    @Test(arguments: [
        (0, "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
        (3, "7e240de74fb1ed08fa08d38063f6a6a91462a815"),
        (55, "c1c8bbdc22796e28c0e15163d20899b65621d65a"),
        (56, "c2db330f6083854c99d4b5bfb6e8f29f201be699"),
        (64, "0098ba824b5c16427bd7a1122a5a442a25ec644d"),
        (119, "ee971065aaa017e0632a8ca6c77bb3bf8b1dfc56"),
    ])
    func `rests on SHA-1 of any length`(count: Int, digest: String) {
        let message = [UInt8](repeating: UInt8(ascii: "a"), count: count)
        let hexadecimal = SHA1.digest(of: message).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        #expect(hexadecimal.joined() == digest)
    }
}
