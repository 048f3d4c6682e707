using System.Collections.Immutable;
using System.Globalization;
using System.Xml;
using System.Xml.Linq;
using Mammo.Data.Rois;

namespace Mammo.Data.Datasets.Formats;

/// <summary>The outlines of INbreast: a property list (OsiriX) for each image that has any, AllXML/NUMBER.xml.</summary>
/// <param name="folder">Folder of the list.</param>
/// <param name="findings">Takes outlines that cannot be read.</param>
internal sealed class InbreastRegions(string folder, ICollection<Finding> findings)
{
    // The largest of the release has half a million characters.
    private const long LongestFile = 64L << 20;

    private const double MostPixels = 1e6;

    private readonly Lazy<Dictionary<string, string>> _files = new(() => Directory
        .EnumerateFiles(folder, "*.xml", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true, MaxRecursionDepth = 4 })
        .Order(StringComparer.Ordinal).DistinctBy(Path.GetFileNameWithoutExtension, StringComparer.OrdinalIgnoreCase)
        .ToDictionary(path => Path.GetFileNameWithoutExtension(path), StringComparer.OrdinalIgnoreCase));

    /// <summary>The lesions of an image.</summary>
    public ImmutableArray<Roi> Of(CsvRow row, string image)
    {
        var number = Path.GetFileNameWithoutExtension(image).Split('_')[0];
        if (!_files.Value.TryGetValue(number, out var path))
            return [];
        try
        {
            return [.. Read(path).Select((roi, i) => roi with { Number = i + 1 })];
        }
        catch (Exception error) when (error is XmlException or IOException or UnauthorizedAccessException or FormatException)
        {
            findings.Add(new Finding(ErrorIds.RoiEmpty, $"The ROIs in '{path}' cannot be read: {error.Message} '{image}' has none.") { Subject = path });
            return [new Roi((RoiShape?)null)];
        }
    }

    private static IEnumerable<Roi> Read(string path)
    {
        var settings = new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore, XmlResolver = null, MaxCharactersInDocument = LongestFile };
        using var reader = XmlReader.Create(path, settings);
        var document = XDocument.Load(reader);
        foreach (var region in document.Descendants("dict").Where(dict => Value(dict, "Point_px") is not null))
        {
            ImmutableArray<(double X, double Y)> points = [.. Value(region, "Point_px")!.Elements("string").Select(text => Point(text.Value))];
            var type = Value(region, "Name")?.Value.Trim();
            yield return new Roi(points.IsEmpty ? null : new RoiPolygon(points)) { Type = string.IsNullOrEmpty(type) ? null : type };
        }
    }

    // In a property list a key stands before its value.
    private static XElement? Value(XElement dict, string key) =>
        dict.Elements("key").FirstOrDefault(element => element.Value == key)?.ElementsAfterSelf().FirstOrDefault();

    private static (double X, double Y) Point(string text)
    {
        double[] numbers = [.. text.Trim(' ', '(', ')').Split(',').Select(number => double.Parse(number, CultureInfo.InvariantCulture))];
        return numbers.Length == 2 && Array.TrueForAll(numbers, number => Math.Abs(number) < MostPixels)
            ? (numbers[0], numbers[1])
            : throw new FormatException($"'{text}' is no point.");
    }
}
