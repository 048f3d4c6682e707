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
