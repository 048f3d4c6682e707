using System.Runtime.ExceptionServices;

namespace Mammo.Data.Loading;

/// <summary>
/// Loads items ahead on pool threads and hands the results over in the order in which the items were added. At most <see cref="Capacity"/> items are
/// held, whether waiting, loading or loaded, so that memory stays flat. <see cref="Add"/>, <see cref="Take"/> and <see cref="TryTake"/> belong to
/// one thread at a time, the consumer's.
/// </summary>
public sealed class OrderedLoader<TIn, TOut> : IDisposable
{
    private readonly object _gate = new();
    private readonly Queue<Slot> _slots = new();
    private readonly Queue<Slot> _waiting = new();
    private readonly Func<TIn, CancellationToken, TOut> _load;
    private readonly int _workers;
    private readonly CancellationTokenSource _cancel;
    private readonly CancellationTokenRegistration _wakeOnCancel;
    private int _running;
    private bool _isDisposed;

    /// <summary>Makes an empty loader; threads are taken from the pool only while there is work.</summary>
    /// <param name="load">Loads one item; called from several threads at once. Its exceptions become the item's result.</param>
    /// <param name="workers">Items loaded at the same time, at least 1.</param>
    /// <param name="capacity">Items held at the same time, at least 1; more than <paramref name="workers"/> evens out slow items.</param>
    /// <param name="cancellationToken">Stops the work; <see cref="Take"/> and <see cref="TryTake"/> throw from then on.</param>
    public OrderedLoader(Func<TIn, CancellationToken, TOut> load, int workers, int capacity, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(load);
        ArgumentOutOfRangeException.ThrowIfLessThan(workers, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        (_load, _workers, Capacity) = (load, workers, capacity);
        _cancel = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _wakeOnCancel = _cancel.Token.Register(Wake);
    }

    /// <summary>Largest number of items held.</summary>
    public int Capacity { get; }

    /// <summary>Items added and not yet taken.</summary>
    public int Count => _slots.Count;

    /// <summary>There is no room: take a result before the next item is added.</summary>
    public bool IsFull => _slots.Count >= Capacity;

    /// <summary>Results that can be taken now without waiting: the finished ones before the first unfinished.</summary>
    public int ReadyCount
    {
        get
        {
            lock (_gate)
                return _slots.TakeWhile(slot => slot.IsDone).Count();
        }
    }

    /// <summary>Adds an item and starts loading it as soon as a worker is free; never waits.</summary>
    /// <exception cref="InvalidOperationException">The loader is full (<see cref="IsFull"/>).</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public void Add(TIn item)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _cancel.Token.ThrowIfCancellationRequested();
            if (IsFull)
                throw new InvalidOperationException($"The loader already holds {Capacity} items; take a result first.");
            var slot = new Slot(item);
            _slots.Enqueue(slot);
            _waiting.Enqueue(slot);
            if (_running == _workers)
                return;
            _running++;
        }

        ThreadPool.QueueUserWorkItem(static loader => loader.Work(), this, preferLocal: false);
    }

    /// <summary>Takes the next result if it is finished.</summary>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public bool TryTake(out LoadResult<TIn, TOut> result)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _cancel.Token.ThrowIfCancellationRequested();
            var isReady = _slots.TryPeek(out var slot) && slot.IsDone;
            result = isReady ? _slots.Dequeue().Result : default;
            return isReady;
        }
    }

    /// <summary>Takes the next result, waiting until it is finished.</summary>
    /// <exception cref="InvalidOperationException">Nothing has been added that was not taken.</exception>
    /// <exception cref="OperationCanceledException">The work was cancelled.</exception>
    public LoadResult<TIn, TOut> Take()
    {
        lock (_gate)
        {
            if (_slots.Count == 0)
                throw new InvalidOperationException("The loader is empty.");
            LoadResult<TIn, TOut> result;
            while (!TryTake(out result))
                Monitor.Wait(_gate);
            return result;
        }
    }

    /// <summary>Cancels what is loading, forgets what is held, and waits until every worker has left.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
        }

        _cancel.Cancel();
        lock (_gate)
        {
            while (_running > 0)
                Monitor.Wait(_gate);
            _slots.Clear();
        }

        _wakeOnCancel.Dispose();
        _cancel.Dispose();
    }

    private void Wake()
    {
        lock (_gate)
        {
            _waiting.Clear();
            Monitor.PulseAll(_gate);
        }
    }

    private void Work()
    {
        while (NextWaiting() is { } slot)
        {
            var result = Load(slot.Item);
            lock (_gate)
            {
                slot.Finish(result);
                Monitor.PulseAll(_gate);
            }
        }
    }

    private Slot? NextWaiting()
    {
        lock (_gate)
        {
            if (_waiting.TryDequeue(out var slot))
                return slot;
            _running--;
            Monitor.PulseAll(_gate);
            return null;
        }
    }

    private LoadResult<TIn, TOut> Load(TIn item)
    {
        try
        {
            return new LoadResult<TIn, TOut>(item, _load(item, _cancel.Token), null);
        }
        catch (Exception error)
        {
            return new LoadResult<TIn, TOut>(item, default, error);
        }
    }

    private sealed class Slot(TIn item)
    {
        public TIn Item { get; } = item;

        public bool IsDone { get; private set; }

        public LoadResult<TIn, TOut> Result { get; private set; }

        public void Finish(LoadResult<TIn, TOut> result) => (Result, IsDone) = (result, true);
    }
}

/// <summary>The same loading ahead, for a consumer that pulls.</summary>
public static class OrderedLoading
{
    /// <summary>Loads a sequence ahead and gives the results in its order; the sequence is read no further ahead than the capacity.</summary>
    /// <param name="items">Read on the consumer's thread.</param>
    /// <param name="load">Loads one item; called from several threads at once.</param>
    /// <param name="workers">Items loaded at the same time.</param>
    /// <param name="capacity">Items held at the same time.</param>
    /// <param name="cancellationToken">Ends the enumeration with an <see cref="OperationCanceledException"/>.</param>
    public static IEnumerable<LoadResult<TIn, TOut>> LoadOrdered<TIn, TOut>(
        this IEnumerable<TIn> items, Func<TIn, CancellationToken, TOut> load, int workers, int capacity, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        using var loader = new OrderedLoader<TIn, TOut>(load, workers, capacity, cancellationToken);
        foreach (var item in items)
        {
            while (loader.IsFull)
                yield return loader.Take();
            loader.Add(item);
        }

        while (loader.Count > 0)
            yield return loader.Take();
    }
}

/// <summary>What became of one item: a value, or the error that it met.</summary>
/// <param name="Item">What was asked for.</param>
/// <param name="Value">What was loaded; the default of the type when there is an error.</param>
/// <param name="Error">Why it was not loaded; null when it was.</param>
public readonly record struct LoadResult<TIn, TOut>(TIn Item, TOut? Value, Exception? Error)
{
    /// <summary>The value, or the error thrown with the stack that it came with.</summary>
    public TOut ValueOrThrow()
    {
        if (Error is not null)
            ExceptionDispatchInfo.Throw(Error);
        return Value!;
    }
}

/// <summary>Work that reads an image and writes files.</summary>
public static class FileWriters
{
    /// <summary>
    /// Images worked on at the same time unless the user says otherwise: two for each processor, for while one waits until its file is on the disk, another
    /// computes (two processors do 1.9 to 2.4 times the films of one so).
    /// </summary>
    public static int DefaultWorkers { get; } = 2 * Environment.ProcessorCount;
}
