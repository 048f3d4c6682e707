namespace Mammo.Data.Loading;

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
