import JSONLines
import Testing
import WorkflowClient

@Suite struct ContactFileTests {
    private func entries(_ text: String, _ change: (inout ContactFile.Mapping) -> Void = { _ in })
        throws -> [JSON]
    {
        var mapping = ContactFile.Mapping()
        change(&mapping)
        return try ContactFile(text: text, mapping: mapping).rows.map { try $0.content.get() }
    }

    @Test func columnsAreFields() throws {
        let found = try entries("id,First Name,Phone\nc-1,Ann,+12125550101\nc-2,,\n")
        let ann: JSON = [
            "contact": [
                "id": "c-1", "fields": ["first_name": "Ann", "phone": "+12125550101"],
            ]
        ]
        #expect(found == [ann, ["contact": ["id": "c-2", "fields": [:]]]])
    }

    @Test func recordsStandInColumnsOfTheirOwn() throws {
        let text = """
            id,record.type,record.id,record.balance,record.number,record.paid
            c-1,invoice,i-1,120.50,0042,false
            c-2,,,,,
            """
        let found = try entries(text)
        let record: JSON = [
            "type": "invoice", "id": "i-1",
            "fields": ["balance": 120.5, "number": "0042", "paid": false],
        ]
        #expect(found[0]["record"] == record)
        #expect(found[1]["record"] == nil)
    }

    @Test func aMappingSaysWhatNamesDoNot() throws {
        let found = try entries("Telefon;Vorname;record.id;record.no\n+49301234567;Ann;r1;12\n") {
            $0.names = ["Telefon": "phone", "Vorname": "first_name"]
            $0.idColumn = "phone"
            $0.idPrefix = "phone:"
            $0.recordType = "job"
            $0.texts = ["record.no"]
        }
        let expected: JSON = [
            "contact": [
                "id": "phone:+49301234567",
                "fields": ["phone": "+49301234567", "first_name": "Ann"],
            ],
            "record": ["type": "job", "id": "r1", "fields": ["no": "12"]],
        ]
        #expect(found == [expected])
    }

    @Test func aRecordMayBeCalledAfterItsContact() throws {
        let found = try entries("id,record.service\nc-1,lawn\n") { $0.recordType = "lead" }
        #expect(
            found[0]["record"] == ["type": "lead", "id": "c-1", "fields": ["service": "lawn"]])
    }

    @Test(arguments: [
        "id,name\r\nc-1,\"Smith, Ann\"\r\n", "id,name\nc-1,\"Smith, Ann\"",
        "\u{FEFF}id,name\nc-1,\"Smith, Ann\"\n\n", "id\tname\nc-1\tSmith, Ann\n",
    ])
    func formsOfCSV(text: String) throws {
        #expect(try entries(text)[0]["contact"]?["fields"]?["name"] == "Smith, Ann")
    }

    @Test func quotesAndLinesWithinACell() throws {
        let found = try entries("id,note\nc-1,\"says \"\"hi\"\"\nand bye\"\nc-2,x\n")
        #expect(found[0]["contact"]?["fields"]?["note"] == "says \"hi\"\nand bye")
        #expect(found.count == 2)
    }

    @Test func aLastEmptyCellIsThere() throws {
        #expect(try entries("id,phone\nc-1,").count == 1)
    }

    @Test func badRowsAreTold() throws {
        let file = try ContactFile(text: "id,a\nc-1,x\n\n,y\nc-3\nc-4,x,z\n", mapping: .init())
        #expect(file.rows.map(\.number) == [2, 4, 5, 6])
        let failures = file.rows.map { row in
            if case .failure(let error) = row.content { error.reason } else { "" }
        }
        #expect(failures[0] == "")
        #expect(failures[1] == "The column \"id\" is empty.")
        #expect(failures[2] == "It has 1 cells; there are 2 columns.")
        #expect(failures[3] == "It has 3 cells; there are 2 columns.")
    }

    /// What a quotation mark in the wrong place would take in is never sent to anybody.
    @Test(arguments: [
        (
            "id,phone,first_name\nb-1,+12125550101,\"Ann\nb-2,+12125550102,Bob\n",
            "in line 2 is not closed"
        ),
        ("id,a\r\nb-1,x\r\nb-2,\"\r\n", "in line 3 is not closed"),
        ("id,a\rb-1,x\rb-2,\"y\r", "in line 3 is not closed"),
        ("id,a\nb-1,\"x\ny\"\nb-2,\"z", "in line 4 is not closed"),
        ("\u{FEFF}\"id,a\nb-1,x\n", "in line 1 is not closed"),
        ("id;a\nb-1;\"x;y\n", "in line 2 is not closed"),
        ("id,a\nb-1,\"\"\"x\n", "in line 2 is not closed"),
        ("id,a\nb-1,\"x\" y\n", "can be in line 2"), ("id,a\nb-1,x\"y\"\n", "can be in line 2"),
        ("id,a\nb-1,\"x\"\"\"\"\"y\n", "can be in line 2"),
        ("id,a\nb-1,\"Ann\nb-2,\"Bob\n", "can be in line 3"),
        ("id,a\nb-1, \"x\"\n", "can be in line 2"), ("id,a\nb-1,x\0\n", "Line 2 holds a NUL"),
    ])
    func quotationMarksOutOfPlace(text: String, words: String) {
        #expect {
            _ = try ContactFile(text: text, mapping: .init())
        } throws: { error in
            (error as? ContactFile.FileError)?.reason.contains(words) == true
        }
    }

    @Test(arguments: ["id,a\rc-1,x\rc-2,\"y\"\"z\"\r", "id,a\nc-1,x\nc-2,\"y\"\"z\""])
    func lineEndsAndQuotes(text: String) throws {
        let names = try entries(text).map { $0["contact"]?["fields"]?["a"] }
        #expect(names == ["x", "y\"z"])
    }

    @Test(arguments: [
        ("phone\n1\n", "It has no column \"id\""),
        ("id,a,A\n1,2,3\n", "Two columns are called \"a\""),
        ("id,record.x\n1,2\n", "A record has a type and an id"), ("", "It has no column \"id\""),
        ("id,\"a\"b\n1,2\n", "It is no CSV"),
    ])
    func badFilesAreRefused(text: String, words: String) {
        #expect {
            _ = try ContactFile(text: text, mapping: .init())
        } throws: { error in
            (error as? ContactFile.FileError)?.reason.contains(words) == true
        }
    }
}

@Suite struct BulkEnrollmentTests {
    private func bulk(_ count: Int, size: Int, note: String = "") throws -> BulkEnrollment {
        let rows = (1...count).map { "c-\($0),\(note)" }.joined(separator: "\n")
        let file = try ContactFile(text: "id,note\n\(rows)\n", mapping: .init())
        return BulkEnrollment(file, workflow: "w", size: size)
    }

    @Test func piecesHoldEveryRowOnce() throws {
        let bulk = try bulk(1_050, size: 200)
        #expect(bulk.pieces.map(\.rows.count) == [200, 200, 200, 200, 200, 50])
        #expect(bulk.pieces.flatMap(\.rows) == Array(2...1_051))
        #expect(Set(bulk.pieces.map(\.key)).count == 6)
    }

    @Test func aPieceFitsALine() throws {
        let bulk = try bulk(60, size: 1_000, note: String(repeating: "x", count: 30_000))
        #expect(bulk.pieces.count > 1)
        #expect(bulk.pieces.allSatisfy { JSON.object($0.args).bytes.count < 1_000_000 })
        #expect(bulk.pieces.flatMap(\.rows) == Array(2...61))
    }

    @Test func keysAreOfTheContentAndTheRows() throws {
        #expect(try bulk(10, size: 5).pieces.map(\.key) == bulk(10, size: 5).pieces.map(\.key))
        #expect(try bulk(10, size: 5).pieces[0].key != bulk(10, size: 5, note: "y").pieces[0].key)
    }
}
