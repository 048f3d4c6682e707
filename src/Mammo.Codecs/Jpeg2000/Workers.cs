using System.Runtime.ExceptionServices;

namespace Mammo.Codecs.Jpeg2000;

/// <summary>Spreads pieces of work over threads.</summary>
internal static class Workers
{
    /// <summary>Does all pieces of work; returns when they are done, or throws what the first failed with.</summary>
    /// <param name="threads">Threads at most.</param>
    /// <param name="count">Pieces of work, numbered from 0.</param>
    /// <param name="start">Makes what each thread needs for itself.</param>
    /// <param name="work">Does one piece.</param>
    public static void Run<T>(int threads, int count, Func<T> start, Action<T, int> work)
    {
        threads = Math.Min(threads, count);
        if (threads <= 1)
        {
            var own = start();
            for (var i = 0; i < count; i++)
                work(own, i);
            return;
        }

        var next = -1;
        try
        {
            Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, (_, state) =>
            {
                var own = start();
                while (!state.IsExceptional && Interlocked.Increment(ref next) is var i && i < count)
                    work(own, i);
            });
        }
        catch (AggregateException error)
        {
            ExceptionDispatchInfo.Throw(error.InnerExceptions[0]);
        }
    }
}
