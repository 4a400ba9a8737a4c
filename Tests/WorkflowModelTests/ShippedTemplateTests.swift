import Foundation
import JSONLines
import Testing
import WorkflowModel

/// The templates that the service comes with are good definitions.
struct ShippedTemplateTests {
    private static let names = [
        "new-lead-follow-up", "payment-overdue-escalation", "post-job-review-request",
        "recurring-service-reminder",
    ]

    private func file(_ name: String) throws -> JSON {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Sources/WorkflowService/Templates/\(name).json")
        return try JSON(parsing: Array(Data(contentsOf: file)))
    }

    @Test(arguments: names) func readsAndIsWrittenTheSame(_ name: String) throws {
        let template = try file(name)
        #expect(template["id"] == .string(name))
        #expect(template["description"]?.string?.isEmpty == false)
        let definition = try WorkflowDefinition(
            json: try #require(template["definition"]), at: "definition")
        #expect(try WorkflowDefinition(json: definition.json, at: "definition") == definition)
        #expect(definition.entry.record != nil && !definition.exits.isEmpty)
    }

    private func variants(_ name: String) throws -> [MessageStep.Variant] {
        let definition = try WorkflowDefinition(
            json: try #require(try file(name)["definition"]), at: "")
        return definition.allSteps.flatMap { step -> [MessageStep.Variant] in
            if case .message(let message) = step.action { message.variants } else { [] }
        }
    }

    private let values: [String: JSON] = [
        "contact.first_name": "Catherine", "contact.full_name": "Catherine Robinson",
        "contact.phone": "+12125550100", "contact.email": "catherine@example.com",
        "business.name": "Maple Plumbing", "business.phone": "(212) 555-0199",
        "business.address": "1 Main St, New York",
        "business.booking_url": "https://maple.example/b",
        "business.review_url": "https://maple.example/r",
        "record.payment_url": "https://pay.example/1042",
        "record.number": "1042", "record.balance_text": "$120.00", "record.due_date": "2026-03-02",
        "record.starts_at": "2026-09-23T14:30:00-04:00", "record.service": "Boiler",
        "record.source": "web",
        "enrollment.enrolled_at": "2026-03-01T10:00:00Z",
        "enrollment.unsubscribe_url": "https://maple.example/u/ann",
    ]

    @Test(arguments: names) func textsFitTheirChannel(_ name: String) throws {
        let zone = try #require(ZoneCalendar(identifier: "America/New_York"))
        for variant in try variants(name) {
            for part in variant.content {
                let text = try part.template.render(escapingHTML: false, zone: zone) {
                    values[$0.text]
                }.text
                switch (variant.channel, part.name) {
                case ("sms", _):
                    let segments = SMSSegments(text)
                    #expect(segments.encoding == .gsm7 && segments.segments == 1, "\(text)")
                    #expect(text.contains("STOP"), "\(text)")
                case ("email", "text"), ("email", "html"):
                    for field in [
                        "business.name", "business.address", "business.phone",
                        "enrollment.unsubscribe_url",
                    ] {
                        #expect(
                            part.template.fields.contains { $0.text == field },
                            "\(field) in \(part.name)")
                    }
                default: break
                }
            }
        }
    }
}
