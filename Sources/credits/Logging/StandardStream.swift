import Glibc

/// Standard output, for what a command answers, and standard error, for everything else.
enum StandardStream: CInt {
    case output = 1
    case error = 2

    /// Writes all of it, where nothing comes between with one write(2). What cannot be written is
    /// lost: a closed stream or a full disk must not stop the service.
    func write(_ text: String) {
        var text = text
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                let written = Self.write(rest, to: rawValue)
                guard written > 0 else { return }
                rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
            }
        }
    }

    /// write(2), again where a signal came first.
    static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: CInt) -> Int {
        while true {
            let written = Glibc.write(descriptor, bytes.baseAddress, bytes.count)
            guard written < 0, errno == EINTR else { return written }
        }
    }
}
