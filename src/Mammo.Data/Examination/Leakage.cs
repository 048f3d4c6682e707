using System.Collections.Immutable;
using Mammo.Data.Datasets;

namespace Mammo.Data.Examination;

/// <summary>Finds patients and images that are in more than one set, which make every number measured on them worthless.</summary>
public static class Leakage
{
    /// <summary>Patients of more than one set, in order, with the positions of those sets.</summary>
    /// <param name="sets">Training, validation and test set, or folds.</param>
    public static IEnumerable<(string Patient, ImmutableArray<int> Sets)> Patients(IReadOnlyList<MammoDataset> sets)
    {
        ArgumentNullException.ThrowIfNull(sets);
        return sets
            .SelectMany(
                (set, index) =>
                    set.Images.Select(image => image.Patient).OfType<string>().Distinct(PatientIds.Comparer).Select(patient => (Patient: patient, Set: index)))
            .GroupBy(pair => pair.Patient, pair => pair.Set, PatientIds.Comparer)
            .Where(patient => patient.Count() > 1)
            .OrderBy(patient => patient.Key, PatientIds.Comparer)
            .Select(patient => (patient.Key, patient.ToImmutableArray()));
    }

    /// <summary>Files of the second set whose bytes are in the first one too; only files of equal length are read, each once.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.FileNotFound"/>.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled between two files.</exception>
    public static IEnumerable<string> Files(MammoDataset first, MammoDataset second, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        var byLength = first.Images.ToLookup(image => Length(image.Path), image => image.Path);
        var known = new Dictionary<long, HashSet<string>>();
        foreach (var image in second.Images)
        {
            var length = Length(image.Path);
            if (!byLength.Contains(length))
                continue;
            if (!known.TryGetValue(length, out var hashes))
                known[length] = hashes = [.. byLength[length].Select(Hash)];
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
        ? InputFile.LengthOf(path)
        : throw new MammoException(ErrorIds.FileNotFound, $"The image '{path}' does not exist.", "Check the path.", path);
}
