import FoundationEssentials
import HTTPServer
import Logging
import Postgres
import PrivatePostgres

/// Tells everybody that the server is ready: people by the banner, machines by a line in the log,
/// scripts by the port's file.
struct ReadyNotice {
    let settings: Settings
    let started: ContinuousClock.Instant
    let logger: Logger

    func give(of address: BoundAddress, on database: OpenedDatabase, hasKeys: Bool) {
        let banner = Banner(
            version: ProductVersion.text, host: settings.host, port: address.port,
            database: database.inBanner, hasDemoUsers: database.isNew, hasKeys: hasKeys)
        StandardStream.output.write(banner.text)
        let milliseconds = (ContinuousClock.now - started) / .milliseconds(1)
        logger.notice(
            "ready",
            metadata: [
                "host": "\(address.host)", "port": .stringConvertible(address.port),
                "after_ms": .stringConvertible(Int(milliseconds)),
            ])
        if !hasKeys {
            logger.warning(
                "open to everybody on this machine: there is no key, and ADMIN_TOKEN is not set")
        }
        writePortFile(address.port)
    }

    /// The server is stopped.
    func takeBack() {
        guard let path = settings.portFile else { return }
        // It may be gone already, which is what is wanted.
        try? FileManager.default.removeItem(atPath: path)
    }

    /// A script that waits for the file must never read half of it: it is written beside its place
    /// and renamed.
    private func writePortFile(_ port: Int) {
        guard let path = settings.portFile else { return }
        do {
            try Data("\(port)\n".utf8).write(to: URL(filePath: path), options: .atomic)
        } catch {
            logger.error(
                "PORT_FILE cannot be written", metadata: ["error": "\(error.systemReason)"])
        }
    }
}

extension OpenedDatabase {
    fileprivate var inBanner: Banner.Database {
        guard let cluster else { return .given(address.redacted) }
        return .ownCluster(folder: cluster.folder, connection: cluster.connectionString)
    }
}
