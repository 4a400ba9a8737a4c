import Foundation
import WorkflowModel

/// The steps that an enrollment reached, in a few bytes each: the step's number and the milliseconds
/// since the visit before, both as base-128 variable-length integers (LEB128), the second one zigzag.
enum TrailCoding {
    static func encode(_ trail: [Enrollment.Visit], from start: Instant) -> Data {
        var data = Data()
        var last = start
        for visit in trail {
            append(UInt64(visit.node), to: &data)
            let delta = (visit.at - last).milliseconds
            append(UInt64(bitPattern: (delta << 1) ^ (delta >> 63)), to: &data)
            last = visit.at
        }
        return data
    }

    static func decode(_ data: Data, from start: Instant) -> [Enrollment.Visit] {
        var trail: [Enrollment.Visit] = []
        var last = start
        var rest = data[...]
        while let node = take(from: &rest), let zigzag = take(from: &rest) {
            let delta = Int64(bitPattern: zigzag >> 1) ^ -Int64(bitPattern: zigzag & 1)
            last = last + TimeSpan(milliseconds: delta)
            trail.append(Enrollment.Visit(node: Int(node), at: last))
        }
        return trail
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
