using Mammo.Data.Datasets;
using Mammo.Data.Dicom;
using Mammo.Data.Files;
using Mammo.Data.Images;
using Mammo.Data.Loading;

namespace Mammo.Scoring.Prediction;

/// <summary>
/// Takes images one after the other through preparation and a network while the next ones are decoded: images are added, results taken in the same order.
/// Constant memory, one consumer thread.
/// </summary>
/// <typeparam name="TLoaded">An image made ready for the network.</typeparam>
/// <typeparam name="TResult">What becomes of it.</typeparam>
internal sealed class ImageRun<TLoaded, TResult> : IDisposable
    where TLoaded : class
{
    private readonly OrderedLoader<MammoImage, TLoaded> _loader;
    private readonly int _batchSize;

    /// <summary>Makes a run of images of which none was added yet.</summary>
    /// <param name="prepare">Prepares an image as it is stored; called from several threads at once.</param>
    /// <param name="dicom">How DICOM files are read.</param>
    /// <param name="batchSize">Images that go through the network together; below 1 for one.</param>
    /// <param name="workerCount">Threads that decode and prepare; below 1 for one per processor.</param>
    /// <param name="cancellation">Ends the run with an <see cref="OperationCanceledException"/>.</param>
    public ImageRun(Func<GreyImage, TLoaded> prepare, DicomOptions dicom, int batchSize, int workerCount, CancellationToken cancellation)
    {
        _batchSize = Math.Max(1, batchSize);
        var workers = workerCount > 0 ? workerCount : Environment.ProcessorCount;
        _loader = new OrderedLoader<MammoImage, TLoaded>(Load, workers, _batchSize + Math.Max(_batchSize, workers), cancellation);

        TLoaded Load(MammoImage image, CancellationToken token)
        {
            var stored = ImageReader.Read(image.Path, dicom: dicom);
            token.ThrowIfCancellationRequested();
            return prepare(stored);
        }
    }

    /// <summary>Runs the network on a batch of images and gives one result for each, in order.</summary>
    public required Func<IReadOnlyList<(MammoImage Image, TLoaded Loaded)>, IReadOnlyList<TResult>> Score { get; init; }

    /// <summary>The result of an image that could not be read or prepared.</summary>
    public required Func<MammoImage, MammoException, TResult> Fail { get; init; }

    /// <summary>Adds an image and returns the results that became ready; runs the network when a batch is complete.</summary>
    public IEnumerable<TResult> Add(MammoImage image)
    {
        while (_loader.IsFull || _loader.ReadyCount >= _batchSize)
        {
            foreach (var result in RunBatch())
                yield return result;
        }

        _loader.Add(image);
    }

    /// <summary>Runs what is left and returns its results.</summary>
    public IEnumerable<TResult> Finish()
    {
        while (_loader.Count > 0)
        {
            foreach (var result in RunBatch())
                yield return result;
        }
    }

    /// <summary>Stops the decoding.</summary>
    public void Dispose() => _loader.Dispose();

    private List<TResult> RunBatch()
    {
        var loaded = new List<LoadResult<MammoImage, TLoaded>>(_batchSize);
        while (loaded.Count < _batchSize && _loader.Count > 0)
            loaded.Add(_loader.Take());
        var scored = Score([.. loaded.Where(result => result.Error is null).Select(result => (result.Item, result.Value!))]);
        var index = 0;
        return [.. loaded.Select(result => result.Error is { } error ? Fail(result.Item, Failure(result.Item, error)) : scored[index++])];
    }

    private static MammoException Failure(MammoImage image, Exception error) => error as MammoException
        ?? new MammoException(ErrorIds.Unexpected, $"'{image.Path}' could not be prepared: {error.Message}", target: image.Path, inner: error);
}
