/// The ways to misbehave, by what they spoil.
enum Fault: String {
    /// Channels that behave.
    case none, usesKit, reports, repeatsReports, describesItself, answersBackwards, splitsLines

    // The start.
    case neverGreets, greetsWithoutManifest, claimsHugeWindow, wrongManifest, changesManifest
    case printsBanner, diesAtOnce

    // The configuration.
    case refusesTwice, refusesSecond, refusesWithoutText, refusesChecks, keepsBadConfiguration
    case takesAnything, echoesSecret, logsSecret, missesOldFolder

    // Requests and lines.
    case answersNoPing, roundsIDs, numericIDs, refusesNews, diesOnUnknownRequest
    case answersAcknowledgements, drainsEarly, losesLines, mindsCarriageReturn, wantsWholeLines
    case diesOnGarbage

    // Messages.
    case neverAnswers, answersOnlyPings, answersLate, answersSlowly, answersTwice
    case answersUnknownID, badOutcome, dropsOne, reportsConfigFault
    case diesInFlight, diesAfterAccepted, diesOnLongText, diesOnEmoji, diesOnNewContent
    case sendsAnything, answersRepeatsDifferently, forgetsKeys, forgetsMessages, knowsEverything

    // Reports.
    case neverRepeats, renamesReports, ignoresAcknowledgements, unreadableReports

    // The process and its output.
    case ignoresTermination, ignoresEndOfInput, dropsAtEnd, leavesGrandchild, leavesChild
    case leavesSession, leaksDescriptors, locksItself
    case hugeLine, floodsOutput, writesBinary, writesLogToOutput, halfLineAndExit, floodsErrors
    case closesInput, closesOutput, closesOutputAndStays, closesErrors, stopsReading
}
