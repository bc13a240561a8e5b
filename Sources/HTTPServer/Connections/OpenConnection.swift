/// Where a connection is kept while it is open.
final class OpenConnection {
    var connection: Connection

    init(_ connection: consuming Connection) {
        self.connection = connection
    }
}
