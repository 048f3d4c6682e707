using Mammo.Data.Loading;

namespace Mammo.Data.Examination;

/// <summary>One pass over many image files: decoded ahead, in order, with bounded memory.</summary>
internal static class ImageScan
{
    public static IEnumerable<T> Run<T>(IEnumerable<string> paths, Func<string, T> read, ScanOptions? options)
    {
        options ??= new ScanOptions();
        var done = 0;
        foreach (var result in paths.LoadOrdered((path, _) => read(path), options.Workers, 2 * options.Workers, options.CancellationToken))
        {
            if (result.Error is MammoException error && options.Failed is { } failed)
                failed(result.Item, error);
            else
                yield return result.ValueOrThrow();
            options.Progress?.Invoke(++done);
        }
    }
}

/// <summary>How a run over many image files reports and stops. The callbacks are called on the caller's thread.</summary>
public sealed record ScanOptions
{
    /// <summary>Images decoded at the same time; the number of processors unless set.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>Called after each image, with the number of images done.</summary>
    public Action<int>? Progress { get; init; }

    /// <summary>Called for each image that cannot be used, which is then left out; without it the first one ends the run with its error.</summary>
    public Action<string, MammoException>? Failed { get; init; }

    /// <summary>Ends the run with an <see cref="OperationCanceledException"/>.</summary>
    public CancellationToken CancellationToken { get; init; }
}
