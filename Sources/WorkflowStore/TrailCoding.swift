import Foundation
import WorkflowModel

/// The steps that an enrollment reached, in a few bytes each: the step's number and the milliseconds
/// since the visit before, both as base-128 variable-length integers (LEB128), the second one zigzag.
///
/// Behind them stands one integer more, zigzag as well, where the last step was planned for another moment
/// than it was reached at: the milliseconds from this to that. Programs up to 0.3.0 wrote planned moments
/// alone, and no such integer.
enum TrailCoding {
    /// A trail, and when its last step was reached by plan.
    struct Way: Hashable {
        var trail: [Enrollment.Visit]
        var planned: Instant
    }

    static func encode(_ way: Way, from start: Instant) -> Data {
        var data = Data()
        var last = start
        for visit in way.trail {
            append(UInt64(visit.node), to: &data)
            append(zigzag((visit.at - last).milliseconds), to: &data)
            last = visit.at
        }
        if way.planned != last { append(zigzag((way.planned - last).milliseconds), to: &data) }
        return data
    }

    static func decode(_ data: Data, from start: Instant) -> Way {
        var way = Way(trail: [], planned: start)
        var rest = data[...]
        while let first = take(from: &rest) {
            guard let second = take(from: &rest) else {
                // What breaks off within an integer is no planned moment.
                if rest.isEmpty, data.last.map({ $0 < 0x80 }) == true {
                    way.planned = way.planned + span(first)
                }
                break
            }
            way.planned = (way.trail.last?.at ?? start) + span(second)
            way.trail.append(Enrollment.Visit(node: Int(first), at: way.planned))
        }
        return way
    }

    private static func zigzag(_ value: Int64) -> UInt64 {
        UInt64(bitPattern: (value << 1) ^ (value >> 63))
    }

    private static func span(_ zigzag: UInt64) -> TimeSpan {
        TimeSpan(milliseconds: Int64(bitPattern: zigzag >> 1) ^ -Int64(bitPattern: zigzag & 1))
    }

    private static func append(_ value: UInt64, to data: inout Data) {
        var value = value
        while value >= 0x80 {
            data.append(UInt8(value & 0x7F) | 0x80)
            value >>= 7
        }
        data.append(UInt8(value))
    }

    private static func take(from rest: inout Data.SubSequence) -> UInt64? {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while let byte = rest.popFirst(), shift < 64 {
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        return nil
    }
}
