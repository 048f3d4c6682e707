using System.Collections.Immutable;
using Mammo.Data.Dicom;
using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Data.Loading;

namespace Mammo.Data.Examination;

/// <summary>One pass over many image files: decoded ahead, in order, with bounded memory.</summary>
internal static class ImageScan
{
    /// <param name="paths">The files.</param>
    /// <param name="measure">Called on a worker; what it gives holds no pixels.</param>
    /// <param name="options">Progress, failures, cancellation.</param>
    public static IEnumerable<T> Run<T>(IEnumerable<string> paths, Func<GreyImage, T> measure, ScanOptions? options)
    {
        options ??= new ScanOptions();
        var done = 0;
        var reported = new HashSet<string>(StringComparer.Ordinal);
        foreach (var result in paths.LoadOrdered(
            (path, _) => Read(path, measure, options.Dicom), options.Workers, 2 * options.Workers, options.CancellationToken))
        {
            if (result.Error is MammoException error && options.Failed is { } failed)
            {
                failed(result.Item, error);
            }
            else
            {
                var (value, findings) = result.ValueOrThrow();
                foreach (var finding in findings.Where(finding => reported.Add(finding.Id)))
                    options.Noticed?.Invoke(FilmExamination.Named(finding, Path.GetFileName(result.Item)) with { Subject = result.Item });
                yield return value;
            }

            options.Progress?.Invoke(++done);
        }
    }

    private static (T Value, ImmutableArray<Finding> Findings) Read<T>(string path, Func<GreyImage, T> measure, DicomOptions dicom)
    {
        var image = ImageReader.Read(path, dicom: dicom);
        return (measure(image), image.Findings);
    }
}

/// <summary>How a run over many image files reports and stops. The callbacks are called on the caller's thread.</summary>
public sealed record ScanOptions
{
    /// <summary>Images decoded at the same time; the number of processors unless set.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>How DICOM files are read.</summary>
    public DicomOptions Dicom { get; init; } = DicomOptions.Default;

    /// <summary>Called after each image, with the number of images done.</summary>
    public Action<int>? Progress { get; init; }

    /// <summary>Called for each image that cannot be used, which is then left out; without it the first one ends the run with its error.</summary>
    public Action<string, MammoException>? Failed { get; init; }

    /// <summary>Called with what a file says against scoring it (DICOM), for the first file of each kind; the file counts all the same.</summary>
    public Action<Finding>? Noticed { get; init; }

    /// <summary>Ends the run with an <see cref="OperationCanceledException"/>.</summary>
    public CancellationToken CancellationToken { get; init; }
}
