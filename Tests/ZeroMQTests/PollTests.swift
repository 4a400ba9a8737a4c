import Foundation
import Synchronization
import Testing
import ZeroMQ

@Suite struct PollTests {
    @Test("Sockets and descriptors are waited for together, each for what it asked")
    func mixed() throws {
        let wire = try Wire()
        let wakeUp = try WakeUp()
        let dealer = try wire.peer(.dealer)
        var items = [
            PollItem(.descriptor(wakeUp.descriptor), .readable),
            PollItem(.socket(wire.router), .readable),
            PollItem(.descriptor(wakeUp.descriptor), [.readable, .writable]),
        ]
        #expect(try poll(&items, timeout: .zero) == 1)
        #expect(items.map(\.ready) == [[], [], .writable])
        wakeUp.signal()
        #expect(try poll(&items, timeout: nil) == 2)
        #expect(items.map(\.ready) == [.readable, [], [.readable, .writable]])
        wakeUp.clear()
        items.removeLast()
        try dealer.send([bytes("{}")])
        #expect(try poll(&items, timeout: nil) == 1)
        #expect(items.map(\.ready) == [[], .readable])
    }

    @Test("A time-out is not over before its time, and rounds up")
    func timeout() throws {
        var items = [PollItem(.descriptor(try WakeUp().descriptor), .readable)]
        items[0].source = .socket(try Socket(Context(), .router))
        for timeout in [Duration.milliseconds(30), .microseconds(1)] {
            let start = ContinuousClock.now
            #expect(try poll(&items, timeout: timeout) == 0)
            #expect(start.duration(to: .now) >= timeout)
        }
        var nothing: [PollItem] = []
        #expect(try poll(&nothing, timeout: .milliseconds(1)) == 0)
    }

    @Test("A pipe whose reader is gone has failed")
    func failed() throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        defer { close(ends[1]) }
        var items = [PollItem(.descriptor(ends[1]), .failed)]
        #expect(try poll(&items, timeout: .zero) == 0)
        close(ends[0])
        #expect(try poll(&items, timeout: nil) == 1)
        #expect(items[0].ready == .failed)
    }

    @Test("No signal of four threads is lost")
    func wakeUps() throws {
        let wakeUp = try WakeUp()
        let posted = Tally()
        let threads = (1...4).map { _ in
            onAnotherThread {
                for _ in 1...10_000 {
                    posted.add()
                    wakeUp.signal()
                }
            }
        }
        var items = [PollItem(.descriptor(wakeUp.descriptor), .readable)]
        var turns = 0
        while posted.count < 40_000 {
            try #require(try poll(&items, timeout: Wire.patience) == 1)
            wakeUp.clear()
            turns += 1
        }
        for thread in threads { try #require(thread.value() != nil) }
        #expect(turns <= 40_000)
    }

    @Test("A signal's handler ends a poll with 0, but not a receive")
    func interrupted() throws {
        let wire = try Wire()
        let dealer = try wire.peer(.dealer)
        try interrupting {
            var items = [PollItem(.socket(wire.router), .readable)]
            let start = ContinuousClock.now
            #expect(try poll(&items, timeout: Wire.patience) == 0)
            #expect(start.duration(to: .now) < Wire.patience)
            for number in 1...1000 {
                try dealer.send([[], bytes("\(number)")])
                try wire.answerOne()
                #expect(try dealer.receive() == [[], bytes("1:\(number)")])
            }
        }
    }

    @Test("Terminating the context ends another thread's wait")
    func terminate() throws {
        let context = Context()
        let isWaiting = Tally()
        let thread = onAnotherThread { () -> ZeroMQError? in
            do throws(ZeroMQError) {
                let socket = try Socket(context, .router)
                try socket.bind("inproc://waiting")
                isWaiting.add()
                while try socket.receive() != nil {}
                return nil
            } catch {
                return error
            }
        }
        while isWaiting.count == 0 { sched_yield() }
        context.terminate()
        context.terminate()
        #expect(thread.value()??.terminated == true)
    }

    /// Runs `body` while another thread interrupts this one with signals all the time.
    private func interrupting(_ body: () throws -> Void) throws {
        var action = sigaction()
        action.__sigaction_handler.sa_handler = { _ in }
        try #require(sigaction(SIGUSR1, &action, nil) == 0)
        // The threads that run tests block all signals.
        var signals = sigset_t()
        sigemptyset(&signals)
        sigaddset(&signals, SIGUSR1)
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
        defer { pthread_sigmask(SIG_BLOCK, &signals, nil) }
        let target = pthread_self()
        let stop = try WakeUp()
        let thread = onAnotherThread {
            var items = [PollItem(.descriptor(stop.descriptor), .readable)]
            while (try? poll(&items, timeout: .milliseconds(1))) == 0 {
                pthread_kill(target, SIGUSR1)
            }
        }
        defer {
            stop.signal()
            _ = thread.value()
        }
        try body()
    }
}

/// A count that threads share.
final class Tally: Sendable {
    private let value = Atomic(0)
    var count: Int { value.load(ordering: .acquiring) }
    func add() { value.add(1, ordering: .acquiringAndReleasing) }
}
