import CreditsAPI
import FoundationEssentials
import Glibc
import HTTPServer
import Synchronization

/// What /metrics tells of the process and of its server. The API is made before the server that it
/// answers for, so the server is made known later.
final class ServerProbe: Sendable {
    private let server = AtomicLazyReference<Server>()
    private let started = Date.now.timeIntervalSince1970

    func watch(_ server: Server) {
        _ = self.server.storeIfNil(server)
    }

    var api: ProcessProbe {
        ProcessProbe { [self] in
            ProcessReading(
                openConnections: server.load()?.connectionCount, startTime: started,
                residentBytes: Self.residentBytes, openDescriptors: Self.openDescriptors,
                cpuSeconds: Self.cpuSeconds)
        }
    }

    // MARK: - What the kernel says (proc(5), clock_gettime(2)); nil where it says nothing

    private static var residentBytes: Int? {
        // No /proc, no number: there is nothing else to do about it.
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else {
            return nil
        }
        let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) }
        return pages.map { $0 * Int(sysconf(CInt(_SC_PAGESIZE))) }
    }

    /// Linux says the number as the folder's size since 6.2; before, the names are counted, the one
    /// of the counting itself left out.
    private static var openDescriptors: Int? {
        var status = stat()
        guard stat("/proc/self/fd", &status) == 0 else { return nil }
        if status.st_size > 0 { return Int(status.st_size) }
        guard let folder = opendir("/proc/self/fd") else { return nil }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        // "." and ".." are no descriptors.
        return count - 3
    }

    private static var cpuSeconds: Double? {
        var time = timespec()
        guard clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) == 0 else { return nil }
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
