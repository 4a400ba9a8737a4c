import Foundation
import HTTPListener
import WorkflowModel

/// The files of the page, read once at the start.
struct PageFiles: Sendable {
    private struct File {
        let type: String
        let tag: String
        let bytes: [UInt8]
    }

    private static let types = [
        "html": "text/html; charset=utf-8", "js": "text/javascript; charset=utf-8",
        "css": "text/css; charset=utf-8", "svg": "image/svg+xml",
    ]

    private var files: [String: File] = [:]

    /// Reads the files that were built with the program.
    /// - Throws: ``StartError/noPage(_:)``.
    init() throws(StartError) {
        let folder = Bundle.module.bundleURL.appendingPathComponent("Page")
        try self.init(folder: folder.resolvingSymlinksInPath().path)
    }

    /// Reads all files below `folder` whose type is known.
    /// - Throws: ``StartError/noPage(_:)``.
    init(folder: String) throws(StartError) {
        let names = (try? FileManager.default.subpathsOfDirectory(atPath: folder)) ?? []
        for name in names {
            guard let type = Self.types[String(name.split(separator: ".").last ?? "")],
                let data = FileManager.default.contents(atPath: "\(folder)/\(name)")
            else { continue }
            let tag = "\"\(ContentHash.text(of: String(decoding: data, as: UTF8.self)))\""
            files["/\(name)"] = File(type: type, tag: tag, bytes: Array(data))
        }
        guard let start = files["/index.html"] else { throw .noPage(folder) }
        files["/"] = start
    }

    /// The file that `request` asks for, or only the news that the browser's copy is still good.
    func answer(_ request: IncomingRequest) -> OutgoingResponse {
        guard ["GET", "HEAD"].contains(request.method) else {
            return .refusal(
                405, code: "method", "Files are only read.", headers: ["Allow": "GET, HEAD"])
        }
        guard let file = files[String(request.path)] else {
            return .refusal(404, code: "not_found", "There is no such file.")
        }
        let headers = ["ETag": file.tag, "Cache-Control": "no-cache"]
        if request.headers["if-none-match"] == file.tag {
            return OutgoingResponse(304, headers: headers)
        }
        return OutgoingResponse(200, contentType: file.type, headers: headers, bytes: file.bytes)
    }
}
