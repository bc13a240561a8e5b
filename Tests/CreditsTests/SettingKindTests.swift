import Testing

@testable import credits

/// A raw text, and the canonical text it is read as, or nil where it must be refused.
struct KindRow: Sendable, CustomTestStringConvertible {
    let text: String
    let canonical: String?
    var testDescription: String { "\(text) -> \(canonical ?? "refused")" }

    init(_ text: String, _ canonical: String?) {
        (self.text, self.canonical) = (text, canonical)
    }
}

extension SettingKind {
    fileprivate func canonical(_ text: String) -> String? { parse(text).map(format) }
}

struct SettingKindTests {
    @Test(arguments: [
        KindRow("0", "0"), KindRow("8000", "8000"), KindRow("65535", "65535"),
        KindRow("65536", nil), KindRow("-1", nil), KindRow("80a", nil), KindRow("8 0", nil),
        KindRow("1e3", nil), KindRow("8000.0", nil), KindRow("٨٠", nil),
        KindRow("99999999999999999999", nil),
    ])
    func `a port is a whole number from 0 to 65535`(_ row: KindRow) {
        #expect(SettingKind.port.canonical(row.text) == row.canonical)
    }

    @Test(arguments: [
        KindRow("500ms", "500ms"), KindRow("1000ms", "1s"), KindRow("30s", "30s"),
        KindRow("90s", "90s"), KindRow("5m", "5m"), KindRow("60m", "1h"), KindRow("1 h", "1h"),
        KindRow("2S", "2s"), KindRow("0", "0s"), KindRow("0ms", "0s"),
        KindRow("30", nil), KindRow("s", nil), KindRow("-1s", nil), KindRow("1.5s", nil),
        KindRow("1d", nil), KindRow("25h", nil), KindRow("99999999999999999h", nil),
    ])
    func `a duration is a whole number with a unit`(_ row: KindRow) {
        let kind = SettingKind.duration(.zero ... .seconds(86_400))
        #expect(kind.canonical(row.text) == row.canonical)
    }

    @Test(arguments: [
        KindRow("64KiB", "64KiB"), KindRow("65536", "64KiB"), KindRow("1000", "1000B"),
        KindRow("1mib", "1MiB"), KindRow("1 MiB", "1MiB"), KindRow("512B", "512B"),
        KindRow("64KB", nil), KindRow("64K", nil), KindRow("2GiB", nil), KindRow("0", nil),
        KindRow("-5", nil), KindRow("", nil), KindRow("9999999999999GiB", nil),
    ])
    func `a size is a whole number of bytes, or of a binary unit`(_ row: KindRow) {
        let kind = SettingKind.byteSize(1...(1 << 30))
        #expect(kind.canonical(row.text) == row.canonical)
    }

    @Test(arguments: [
        KindRow("on", "on"), KindRow("TRUE", "on"), KindRow("yes", "on"), KindRow("1", "on"),
        KindRow("off", "off"), KindRow("False", "off"), KindRow("no", "off"), KindRow("0", "off"),
        KindRow("2", nil), KindRow("enabled", nil),
    ])
    func `a switch is on or off`(_ row: KindRow) {
        #expect(SettingKind.toggle.canonical(row.text) == row.canonical)
    }

    @Test(arguments: [
        KindRow("json", "json"), KindRow("PRETTY", "pretty"), KindRow("xml", nil),
    ])
    func `a choice is one of its words in any letter case`(_ row: KindRow) {
        #expect(SettingKind<LogFormat>.choice.canonical(row.text) == row.canonical)
    }

    @Test(arguments: [
        KindRow("127.0.0.1", "127.0.0.1"), KindRow("::1", "::1"),
        KindRow("db.example.com", "db.example.com"),
        KindRow("http://x", nil), KindRow("a b", nil), KindRow("a\nb", nil),
    ])
    func `a host is a name or an address`(_ row: KindRow) {
        #expect(SettingKind.host.canonical(row.text) == row.canonical)
    }

    @Test(arguments: [
        KindRow("a.example, b.example", "a.example,b.example"), KindRow("fd00::1", "fd00::1"),
        KindRow("a.example:8000", nil), KindRow("*", nil), KindRow("[::1]", nil),
        KindRow("http://a.example", nil),
    ])
    func `hosts are names without ports`(_ row: KindRow) {
        #expect(SettingKind.hosts.canonical(row.text) == row.canonical)
    }

    @Test(arguments: [
        KindRow("s3cret", "s3cret"), KindRow("two words", nil), KindRow("é", nil),
        KindRow(String(repeating: "x", count: 513), nil),
    ])
    func `a token is visible ASCII`(_ row: KindRow) {
        #expect(SettingKind.token.canonical(row.text) == row.canonical)
    }
}
