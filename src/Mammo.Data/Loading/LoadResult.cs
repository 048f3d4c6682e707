using System.Runtime.ExceptionServices;

namespace Mammo.Data.Loading;

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
