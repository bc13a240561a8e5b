import Testing

@testable import credits

struct EnvironmentFileTests {
    @Test(arguments: [
        ("NAME=value", "value"),
        ("  NAME = value  ", "value"),
        ("export NAME=value", "value"),
        ("export\tNAME=value", nil),
        ("name=value", "value"),
        ("NAME=", ""),
        ("NAME=a=b=c", "a=b=c"),
        ("NAME=value # comment", "value"),
        ("NAME=# comment", ""),
        ("NAME=pass#word", "pass#word"),
        ("NAME=\"two words\"", "two words"),
        ("NAME=\"a # b\" # comment", "a # b"),
        (
            #"NAME="line\nnext\ttab \"quoted\" back\\slash \$5 \x""#,
            "line\nnext\ttab \"quoted\" back\\slash $5 \\x"
        ),
        (#"NAME='literal \n $HOME "x"'"#, #"literal \n $HOME "x""#),
        ("NAME=$OTHER", "$OTHER"),
        ("NAME=''", ""),
        ("\u{FEFF}NAME=value", "value"),
        ("NAME=value\r\n", "value"),
        ("# NAME=value", nil),
        ("", nil),
    ])
    func `a line gives its value`(line: String, value: String?) {
        let file = EnvironmentFile(path: ".env", text: line)
        #expect(file.entry(named: "NAME")?.value == value)
    }

    @Test(arguments: [
        ("NAME", "no `=`"),
        ("export NAME", "no `=`"),
        ("=value", "no name"),
        ("1NAME=value", "no name"),
        ("NA ME=value", "no name"),
        ("NA-ME=value", "no name"),
        ("NAME=\"open", "closing quote is missing"),
        ("NAME='open", "closing quote is missing"),
        ("NAME=\"a\" b", "follows the closing quote"),
    ])
    func `a line that cannot be read is named with its reason`(line: String, reason: String) {
        let file = EnvironmentFile(path: ".env", text: "# first\n\(line)\n")
        #expect(file.malformations.map(\.line) == [2])
        #expect(file.malformations.first?.explanation.contains(reason) == true)
    }

    @Test func `lines are counted from one, whatever ends them`() {
        let file = EnvironmentFile(path: ".env", text: "A=1\r\n\r\n# x\nB=2\nA=3")
        #expect(file.entries.map(\.line) == [1, 4, 5])
        #expect(file.entry(named: "A") == .init(name: "A", value: "3", line: 5))
    }
}
