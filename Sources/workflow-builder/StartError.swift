/// Why the page cannot be served.
enum StartError: Error {
    /// The address is none of this machine's own.
    case address(String)
    /// The command endpoint is none.
    case endpoint(String)
    /// Something else listens there.
    case taken(String, reason: String)
    /// The page is not where the program was installed.
    case noPage(String)

    /// What is wrong, and how to mend it.
    var message: String {
        switch self {
        case .address(let text):
            """
            --listen \(text): the page is served to this machine alone. Give a loopback address \
            and a port, such as 127.0.0.1:7480.
            """
        case .endpoint(let words): "--connect: \(words)"
        case .taken(let text, let reason):
            "--listen \(text) cannot be used: \(reason). Choose another port, or 0 for a free one."
        case .noPage(let path):
            "The page is missing: \(path). Install it beside the program, or build with: swift build"
        }
    }

    /// The exit code, after BSD's sysexits.
    var exitCode: Int32 {
        switch self {
        case .address, .endpoint: 64
        case .taken: 69
        case .noPage: 72
        }
    }
}
