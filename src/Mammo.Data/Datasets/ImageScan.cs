using Mammo.Data.Loading;

namespace Mammo.Data.Datasets;

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
