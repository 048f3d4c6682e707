using Mammo.Data;
using Mammo.Data.Datasets;
using Mammo.Networks.Models;
using Mammo.Scoring;

namespace Mammo.Torch.Training.Checks;

/// <summary>Finds patients and images that are in the training and in the validation set, which make every validation number worthless.</summary>
internal static class LeakageCheck
{
    private const int Shown = 5;

    /// <summary>Compares the sets by patient id and by the files' content.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.DataLeakage"/>, unless leakage is allowed; then it is a warning.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled between two files.</exception>
    public static void Run(TrainingData data, Action<InputWarning> warn, CancellationToken cancellation)
    {
        var patients = SharedPatients(data).ToArray();
        var files = SharedContent(data, cancellation).ToArray();
        if (patients.Length == 0 && files.Length == 0)
            return;
        var found = string.Join(" and ", new[] { Found(patients, "patient"), Found(files, "image") }.OfType<string>());
        var message = $"Training and validation share {found}: validation scores would be too good to be true.";
        if (!data.AllowLeakage)
            throw new MammoException(ErrorIds.DataLeakage, message, "Split by patient, or use -AllowLeakage if it is meant.", patients.Concat(files).First());
        warn(new InputWarning(ErrorIds.DataLeakage, message));
    }

    private static IEnumerable<string> SharedPatients(TrainingData data) =>
        data.Train.Images.Select(image => image.Patient).OfType<string>().Intersect(data.Validation.Images.Select(image => image.Patient).OfType<string>(), StringComparer.OrdinalIgnoreCase);

    /// <summary>Only files of equal length are read, each once.</summary>
    private static IEnumerable<string> SharedContent(TrainingData data, CancellationToken cancellation)
    {
        var train = data.Train.Images.ToLookup(image => Length(image.Path), image => image.Path);
        var known = new Dictionary<long, HashSet<string>>();
        foreach (var image in data.Validation.Images)
        {
            var length = Length(image.Path);
            if (!train.Contains(length))
                continue;
            if (!known.TryGetValue(length, out var hashes))
                known[length] = hashes = [.. train[length].Select(Hash)];
            if (hashes.Contains(Hash(image.Path)))
                yield return image.Path;
        }

        string Hash(string path)
        {
            cancellation.ThrowIfCancellationRequested();
            return ContentHash.Sha256(path);
        }
    }

    private static long Length(string path) => File.Exists(path)
        ? FileLength.Of(path)
        : throw new MammoException(ErrorIds.FileNotFound, $"The image '{path}' does not exist.", target: path);

    private static string? Found(string[] names, string what) => names.Length == 0
        ? null
        : $"{names.Length} {what}{(names.Length == 1 ? "" : "s")} ({string.Join(", ", names.Take(Shown))}{(names.Length > Shown ? ", …" : "")})";
}
