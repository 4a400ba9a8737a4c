internal import Foundation

/// The offsets of one zone, remembered in chunks of about twelve days.
final class ZoneOffsets {
    private struct Chunk {
        var firstOffset: Int
        var changes: [(second: Int64, offset: Int)] = []
    }

    private let zone: TimeZone
    private var chunks: [Int64: Chunk] = [:]
    private var latestIndex = Int64.min
    private var latest = Chunk(firstOffset: 0)

    /// A chunk is 2^20 seconds long.
    private static let chunkShift = Int64(20)
    /// It is sampled every 2^16 seconds: no zone changes twice within 18 hours.
    private static let sampleStep = 1 << 16
    /// Enough for 135 years; beyond that, dates are hostile and memory is not theirs.
    private static let capacity = 4_096

    init?(identifier: String) {
        guard identifier == "UTC" || ZoneOffsets.mayNameZone(identifier),
            let zone = TimeZone(identifier: identifier)
        else { return nil }
        self.zone = zone
    }

    private static func mayNameZone(_ identifier: String) -> Bool {
        if identifier == "GMT" { return true }
        return !identifier.hasPrefix("GMT") && !identifier.hasPrefix("UTC")
            && TimeZone.abbreviationDictionary[identifier] == nil
    }

    /// The offset at `second` after 1970, and the second up to which it is known to last.
    func lookUp(_ second: Int64) -> (offset: Int, end: Int64) {
        let index = second >> ZoneOffsets.chunkShift
        if index != latestIndex {
            latest = chunk(index)
            latestIndex = index
        }
        var offset = latest.firstOffset
        for change in latest.changes {
            if second < change.second { return (offset, change.second) }
            offset = change.offset
        }
        return (offset, (index + 1) << ZoneOffsets.chunkShift)
    }

    private func chunk(_ index: Int64) -> Chunk {
        if let chunk = chunks[index] { return chunk }
        let chunk = sampled(index)
        if chunks.count >= ZoneOffsets.capacity { chunks.removeAll() }
        chunks[index] = chunk
        return chunk
    }

    private func sampled(_ index: Int64) -> Chunk {
        let start = index << ZoneOffsets.chunkShift
        let end = (index + 1) << ZoneOffsets.chunkShift
        var offset = offset(at: start)
        var chunk = Chunk(firstOffset: offset)
        for sample in stride(from: start, to: end, by: ZoneOffsets.sampleStep) {
            // The last second of the chunk, not the first of the next one.
            let next = min(sample + Int64(ZoneOffsets.sampleStep), end - 1)
            let nextOffset = self.offset(at: next)
            guard nextOffset != offset else { continue }
            chunk.changes.append((change(after: sample, upTo: next), nextOffset))
            offset = nextOffset
        }
        return chunk
    }

    /// The second of the one change that lies after `start` and at or before `end`.
    private func change(after start: Int64, upTo end: Int64) -> Int64 {
        let before = offset(at: start)
        var (low, high) = (start, end)
        while high - low > 1 {
            let middle = low + (high - low) / 2
            if offset(at: middle) == before { low = middle } else { high = middle }
        }
        return high
    }

    private func offset(at second: Int64) -> Int {
        zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(second)))
    }
}
