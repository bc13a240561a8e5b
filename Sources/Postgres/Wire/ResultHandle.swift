import CPostgres

/// Owns one PGresult, and clears it exactly once.
///
/// Sendable although it holds a pointer: libpq never changes a PGresult after handing it out, and
/// neither does this class, so any number of threads may read it (libpq, "Behavior in Threaded
/// Programs"). Pointers into it stay valid as long as the handle, and none leaves this file.
final class ResultHandle: @unchecked Sendable {
    private let result: OpaquePointer
    let rowCount: Int
    let columnCount: Int

    /// Takes the result over: nobody else may clear it.
    init(taking result: OpaquePointer) {
        self.result = result
        rowCount = Int(PQntuples(result))
        columnCount = Int(PQnfields(result))
    }

    deinit {
        PQclear(result)
    }

    var status: ExecStatusType { PQresultStatus(result) }

    /// What the server calls the finished command, such as "INSERT 0 3" or "ROLLBACK".
    var commandTag: String { String(cString: PQcmdStatus(result)) }

    /// The rows that the command changed or returned; 0 for commands that count none.
    var affectedRows: Int { Int(String(cString: PQcmdTuples(result))) ?? 0 }

    func columnName(_ column: Int) -> String {
        PQfname(result, CInt(column)).map { String(cString: $0) } ?? ""
    }

    /// The first column of that name, as it is spelled in the result.
    func columnIndex(named name: String) -> Int? {
        (0..<columnCount).first { columnName($0) == name }
    }

    func type(of column: Int) -> TypeOID {
        TypeOID(rawValue: PQftype(result, CInt(column)))
    }

    func isBinary(_ column: Int) -> Bool {
        PQfformat(result, CInt(column)) == 1
    }

    func isNull(row: Int, column: Int) -> Bool {
        PQgetisnull(result, CInt(row), CInt(column)) == 1
    }

    /// The bytes of a value that is not NULL, for the length of the call.
    func withBytes<Value, Failure: Error>(
        row: Int, column: Int, _ body: (Span<UInt8>) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        precondition(row < rowCount && column < columnCount, "a value outside the result")
        let count = Int(PQgetlength(result, CInt(row), CInt(column)))
        guard let start = PQgetvalue(result, CInt(row), CInt(column)) else {
            return try body(Span())
        }
        let bytes = UnsafeRawBufferPointer(start: start, count: count)
        return try body(bytes.bindMemory(to: UInt8.self).span)
    }

    /// A failed command's or a notice's report. Nil without a SQLSTATE: then libpq itself made it.
    var serverMessage: ServerMessage? {
        Self.serverMessage(of: result)
    }

    /// The text that libpq made of an error: of its own ones the only description there is.
    var errorText: String { singleLine(String(cString: PQresultErrorMessage(result))) }

    /// The same for a result that somebody else owns and clears, as in a notice receiver.
    static func serverMessage(of result: OpaquePointer) -> ServerMessage? {
        func field(_ code: Unicode.Scalar) -> String? {
            PQresultErrorField(result, CInt(code.value)).map { String(cString: $0) }
        }
        guard let state = field("C") else { return nil }
        var message = ServerMessage(
            severity: field("V") ?? field("S") ?? "ERROR", sqlState: SQLState(rawValue: state),
            message: field("M") ?? "")
        message.detail = field("D")
        message.hint = field("H")
        message.position = field("P").flatMap { Int($0) }
        message.internalPosition = field("p").flatMap { Int($0) }
        message.internalQuery = field("q")
        message.context = field("W")
        message.schema = field("s")
        message.table = field("t")
        message.column = field("c")
        message.dataType = field("d")
        message.constraint = field("n")
        message.routine = field("R")
        return message
    }
}

/// libpq ends its messages with a newline, and breaks some of them into several lines.
func singleLine(_ text: String) -> String {
    text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
}
