namespace Mammo.Scoring.Managed;

/// <summary>Spreads work over threads. Who does what is left to chance; it never decides what is computed.</summary>
/// <param name="count">Number of threads, the caller's included.</param>
internal sealed class Workers(int count)
{
    /// <summary>Number of threads.</summary>
    public int Count { get; } = count;

    /// <summary>Does items 0 to <paramref name="items"/> - 1, each once, and returns when all are done.</summary>
    /// <param name="items">Number of items.</param>
    /// <param name="work">Does an item, given its number and that of the worker, of which no two are the same at a time.</param>
    public void Run(int items, Action<int, int> work)
    {
        if (Count == 1 || items == 1)
        {
            for (var item = 0; item < items; item++)
                work(item, 0);
            return;
        }

        var next = -1;
        Parallel.For(0, Math.Min(Count, items), worker =>
        {
            for (var item = Interlocked.Increment(ref next); item < items; item = Interlocked.Increment(ref next))
                work(item, worker);
        });
    }
}
