using System.Collections.Concurrent;
using Mammo.Data.Loading;

namespace Mammo.Tests.Data.Loading;

public sealed class OrderedLoaderTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(1, 8)]
    [InlineData(2, 3)]
    [InlineData(4, 4)]
    [InlineData(8, 2)]
    [InlineData(7, 64)]
    public void Results_come_in_order_whatever_the_delays_and_failures(int workers, int capacity)
    {
        var running = 0;
        var most = 0;
        var results = Enumerable.Range(0, 3000).LoadOrdered((i, _) =>
        {
            var now = Interlocked.Increment(ref running);
            InterlockedMax(ref most, now);
            try
            {
                var random = new Random(i);
                Thread.SpinWait(random.Next(1, random.Next(10) == 0 ? 20_000 : 200));
                return i % 7 == 3 ? throw new InvalidDataException($"{i}") : i * 2;
            }
            finally
            {
                Interlocked.Decrement(ref running);
            }
        }, workers, capacity, TestContext.Current.CancellationToken).ToArray();

        Assert.Equal(Enumerable.Range(0, 3000), results.Select(result => result.Item));
        Assert.All(
            results,
            result => Assert.Equal(
                result.Item % 7 == 3 ? $"error {result.Item}" : $"{result.Item * 2}",
                result.Error is { } error ? $"error {error.Message}" : $"{result.Value}"));
        Assert.InRange(most, 1, Math.Min(workers, capacity));
        Assert.Equal(2, results[1].ValueOrThrow());
        Assert.Equal("3", Assert.Throws<InvalidDataException>(() => results[3].ValueOrThrow()).Message);
    }

    [Fact]
    public void A_pushing_consumer_sees_what_is_ready()
    {
        using var gates = new Gates(5);
        using var loader = new OrderedLoader<int, int>(gates.Load, 2, 4);
        Assert.False(loader.TryTake(out _));
        for (var i = 0; i < 4; i++)
        {
            Assert.False(loader.IsFull);
            loader.Add(i);
        }

        Assert.True(loader.IsFull);
        Assert.Throws<InvalidOperationException>(() => loader.Add(4));
        gates.Open(1);
        gates.WaitUntilDone(1);
        Assert.Equal((4, 0), (loader.Count, loader.ReadyCount));
        Assert.False(loader.TryTake(out _));
        gates.Open(0);
        Assert.Equal(0, loader.Take().Value);
        Assert.Equal(1, loader.Take().Value);
        Assert.Equal((2, 4), (loader.Count, loader.Capacity));
        gates.Open(2);
        gates.Open(3);
        Assert.Equal([2, 3], [loader.Take().Value, loader.Take().Value]);
        Assert.Throws<InvalidOperationException>(() => loader.Take());
    }

    [Fact]
    public void The_source_is_read_no_further_ahead_than_the_capacity()
    {
        var read = 0;
        var taken = 0;
        foreach (var _ in Enumerable.Range(0, 200).Select(i => ++read).LoadOrdered((i, _) => i, 3, 5, TestContext.Current.CancellationToken))
            Assert.InRange(read - ++taken, 0, 5);
        Assert.Equal((200, 200), (read, taken));
    }

    [Fact]
    public void Leaving_early_cancels_and_waits()
    {
        var started = 0;
        var ended = 0;
        foreach (var result in Enumerable.Range(0, 1000).LoadOrdered(Load, 4, 16, TestContext.Current.CancellationToken))
        {
            if (result.Item == 3)
                break;
        }

        Assert.Equal(Volatile.Read(ref started), Volatile.Read(ref ended));
        Assert.InRange(started, 4, 20);

        int Load(int item, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref started);
            try
            {
                if (item > 3)
                    cancellationToken.WaitHandle.WaitOne();
                cancellationToken.ThrowIfCancellationRequested();
                return item;
            }
            finally
            {
                Interlocked.Increment(ref ended);
            }
        }
    }

    [Fact]
    public async Task Cancelling_wakes_a_waiting_consumer()
    {
        using var cancel = new CancellationTokenSource();
        using var gates = new Gates(1);
        using var loader = new OrderedLoader<int, int>(gates.Load, 1, 1, cancel.Token);
        loader.Add(0);
        var waiting = Task.Run(loader.Take, TestContext.Current.CancellationToken);
        gates.WaitUntilStarted(0);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        Assert.ThrowsAny<OperationCanceledException>(() => loader.TryTake(out _));
        Assert.ThrowsAny<OperationCanceledException>(() => loader.Add(1));
    }

    [Fact]
    public void Disposing_under_load_never_hangs()
    {
        var random = new Random(5);
        for (var round = 0; round < 300; round++)
        {
            using var cancel = new CancellationTokenSource();
            using var loader = new OrderedLoader<int, int>(
                (item, token) =>
                {
                    Thread.SpinWait(item % 50);
                    token.ThrowIfCancellationRequested();
                    return item;
                }, random.Next(1, 6), 32, cancel.Token);
            for (var i = random.Next(32); i >= 0; i--)
                loader.Add(i);
            for (var i = random.Next(loader.Count); i > 0; i--)
                loader.Take();
            if (round % 3 == 0)
                cancel.Cancel();
        }
    }

    [Fact]
    public void A_disposed_loader_says_so()
    {
        var loader = new OrderedLoader<int, int>((item, _) => item, 1, 1);
        loader.Dispose();
        loader.Dispose();
        Assert.Throws<ObjectDisposedException>(() => loader.Add(1));
        Assert.Throws<ObjectDisposedException>(() => loader.TryTake(out _));
    }

    private static void InterlockedMax(ref int target, int value)
    {
        for (var seen = Volatile.Read(ref target); seen < value; seen = Volatile.Read(ref target))
            Interlocked.CompareExchange(ref target, value, seen);
    }

    /// <summary>Loads that go on only when they are let.</summary>
    private sealed class Gates(int count) : IDisposable
    {
        private readonly ManualResetEventSlim[] _open = [.. Enumerable.Range(0, count).Select(_ => new ManualResetEventSlim())];
        private readonly ManualResetEventSlim[] _started = [.. Enumerable.Range(0, count).Select(_ => new ManualResetEventSlim())];
        private readonly ManualResetEventSlim[] _done = [.. Enumerable.Range(0, count).Select(_ => new ManualResetEventSlim())];

        public int Load(int item, CancellationToken cancellationToken)
        {
            _started[item].Set();
            _open[item].Wait(cancellationToken);
            _done[item].Set();
            return item;
        }

        public void Open(int item) => _open[item].Set();

        public void WaitUntilStarted(int item) => _started[item].Wait(TestContext.Current.CancellationToken);

        public void WaitUntilDone(int item) => _done[item].Wait(TestContext.Current.CancellationToken);

        public void Dispose() => Array.ForEach([.. _open, .. _started, .. _done], gate => gate.Dispose());
    }
}
