namespace Mammo.Scoring.Managed;

/// <summary>Spreads work over threads. Who does what is left to chance; it never decides what is computed.</summary>
/// <remarks>
/// A network is some hundred pieces of work of a millisecond or less, one behind the other: threads look for the next piece for a while before they sleep, and
/// end by themselves when none comes. The caller never waits for a thread that has not begun.
/// </remarks>
/// <param name="count">Number of threads, the caller's included.</param>
internal sealed class Workers(int count)
{
    // About a quarter of a millisecond.
    private const int Looks = 2000;
    private const int SpinsOfLook = 10;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly object _gate = new();
    private Job? _job;
    private int _alive;
    private int _asleep;

    /// <summary>Number of threads.</summary>
    public int Count { get; } = count;

    /// <summary>Does items 0 to <paramref name="items"/> - 1, each once, and returns when all are done.</summary>
    /// <param name="items">Number of items.</param>
    /// <param name="work">Does an item, given its number and that of the worker, of which no two are the same at a time.</param>
    public void Run(int items, Action<int, int> work)
    {
        if (Count == 1 || items <= 1)
        {
            for (var item = 0; item < items; item++)
                work(item, 0);
            return;
        }

        var job = new Job(items, work);
        Volatile.Write(ref _job, job);
        Wake();
        job.Do(0);
        job.End();
    }

    private void Wake()
    {
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _asleep) == 0 && Volatile.Read(ref _alive) == Count - 1)
            return;
        lock (_gate)
        {
            Monitor.PulseAll(_gate);
            for (; _alive < Count - 1; _alive++)
                new Thread(Serve) { IsBackground = true, Name = nameof(Workers) }.Start();
        }
    }

    private void Serve()
    {
        Job? last = null;
        while (Next(last) is { } job)
        {
            job.Join();
            last = job;
        }
    }

    /// <summary>The next job; null where none has come for long, and then the thread is no longer counted.</summary>
    private Job? Next(Job? last)
    {
        for (var look = 0; look < Looks; look++)
        {
            if (Volatile.Read(ref _job) is { } job && job != last)
                return job;
            Thread.SpinWait(SpinsOfLook);
        }

        lock (_gate)
        {
            Interlocked.Increment(ref _asleep);
            while (Volatile.Read(ref _job) is var job)
            {
                if (job is not null && job != last)
                {
                    Interlocked.Decrement(ref _asleep);
                    return job;
                }

                if (!Monitor.Wait(_gate, Patience) && Volatile.Read(ref _job) == last)
                    break;
            }

            Interlocked.Decrement(ref _asleep);
            _alive--;
            return null;
        }
    }

    /// <summary>Items to do.</summary>
    private sealed class Job(int items, Action<int, int> work)
    {
        private int _next = -1;
        private int _workers;
        private int _active;
        private int _isClosed;
        private Exception? _failure;

        /// <summary>Does items as a certain worker until none is left.</summary>
        public void Do(int worker)
        {
            try
            {
                for (var item = Interlocked.Increment(ref _next); item < items; item = Interlocked.Increment(ref _next))
                    work(item, worker);
            }
            catch (Exception failure)
            {
                Interlocked.CompareExchange(ref _failure, failure, null);
                Interlocked.Exchange(ref _next, items);
            }
        }

        /// <summary>Helps, unless the job has ended.</summary>
        public void Join()
        {
            Interlocked.Increment(ref _active);
            if (Volatile.Read(ref _isClosed) == 0)
                Do(Interlocked.Increment(ref _workers));
            Interlocked.Decrement(ref _active);
        }

        /// <summary>Waits for those who help, and throws what one of them threw.</summary>
        public void End()
        {
            Interlocked.Exchange(ref _isClosed, 1);
            var wait = default(SpinWait);
            while (Volatile.Read(ref _active) > 0)
                wait.SpinOnce(sleep1Threshold: -1);
            if (_failure is { } failure)
                System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(failure);
        }
    }
}
