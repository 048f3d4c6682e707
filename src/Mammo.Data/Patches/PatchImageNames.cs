using Mammo.Data.Datasets;

namespace Mammo.Data.Patches;

/// <summary>Names of images within a patch set.</summary>
internal static class PatchImageNames
{
    private static readonly char[] Forbidden = [.. Path.GetInvalidFileNameChars(), '/', '\\', ':', '*', '?', '"', '<', '>', '|'];

    /// <summary>
    /// The original's patient_side_view where all three are known and no other image has them, else the file's name; the second and further images of a
    /// name get a number, in the dataset's order.
    /// </summary>
    public static string[] Of(IReadOnlyCollection<MammoImage> images)
    {
        var views = images.GroupBy(View).Where(group => group.Key is not null).ToDictionary(group => group.Key!, group => group.Count());
        var used = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        return [.. images.Select(image => View(image) is { } view && views[view] == 1 ? view : Safe(Path.GetFileNameWithoutExtension(image.Path)))
            .Select(name => Unique(name, used))];
    }

    private static string? View(MammoImage image) =>
        image is { Patient: { } patient, Laterality: { } side, View: { } view } ? Safe($"{patient}_{side}_{view}") : null;

    private static string Unique(string name, Dictionary<string, int> used)
    {
        var count = used[name] = used.GetValueOrDefault(name) + 1;
        if (count == 1)
            return name;
        var numbered = FormattableString.Invariant($"{name}-{count}");
        return used.ContainsKey(numbered) ? Unique(numbered, used) : Remember(numbered, used);
    }

    private static string Remember(string name, Dictionary<string, int> used)
    {
        used[name] = 1;
        return name;
    }

    private static string Safe(string name) => new([.. name.Select(letter => Array.IndexOf(Forbidden, letter) >= 0 || char.IsControl(letter) ? '_' : letter)]);
}
