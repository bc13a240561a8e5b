import Glibc
import HTTPServer
import Ledger
import Postgres
import PrivatePostgres
import Reactor

extension ProgramFailure {
    /// The one place where errors of the layers below become sentences and exit codes; nil for
    /// those of the command line, which ArgumentParser explains itself.
    init?(explaining error: any Error) {
        switch error {
        case let failure as ProgramFailure: self = failure
        case let bad as BadConfiguration: self.init(bad)
        case let error as PrivateClusterError: self.init(.databaseUnavailable, "\(error)")
        case let error as PostgresError: self.init(error)
        case let error as LedgerError: self.init(error)
        case let error as ServerError: self.init(error)
        case let error as SystemError: self.init(.system, "\(error)")
        default: return nil
        }
    }

    private init(_ error: PostgresError) {
        let isAway = error.isConnectionFailure
        self.init(isAway ? .databaseUnavailable : .failure, "\(error)")
    }

    private init(_ error: LedgerError) {
        switch error {
        case .unavailable: self.init(.databaseUnavailable, "the database does not answer")
        case .overloaded: self.init(.failure, "the database is overloaded; try again later")
        case .outcomeUnknown:
            self.init(
                .failure,
                "the connection was lost during a commit, so it may have happened; "
                    + "running the command again is safe")
        case .forbidden(let text):
            self.init(
                .failure, "a rule of the database forbids it, and nothing was changed: \(text)")
        case .failed(let text): self.init(.internalFault, text)
        }
    }

    private init(_ error: ServerError) {
        switch error {
        case .cannotResolve(let host, let reason):
            self.init(.configuration, "HOST: \(host) has no address: \(reason)")
        case .cannotListen(_, let port, let cause) where cause.code == EADDRINUSE:
            self.init(
                .system,
                """
                port \(port) is taken by another program.
                See which one:        ss --listening --tcp --processes 'sport = :\(port)'
                or use another port:  PORT=\(port == 65535 ? 8001 : port + 1), or PORT=0 for any
                """)
        case .cannotListen(_, let port, let cause) where cause.code == EACCES:
            self.init(
                .system,
                "port \(port) needs a privilege (CAP_NET_BIND_SERVICE); use one from 1024 up")
        case .cannotListen(let host, _, let cause) where cause.code == EADDRNOTAVAIL:
            self.init(.configuration, "HOST: this machine has no address \(host)")
        case .cannotListen: self.init(.system, "\(error)")
        }
    }
}
