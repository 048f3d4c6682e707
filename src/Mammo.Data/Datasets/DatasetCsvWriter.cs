using System.Data;
using System.Globalization;
using System.Text;
using Sylvan.Data.Csv;

namespace Mammo.Data.Datasets;

/// <summary>Writes the CSV that <see cref="DatasetCsvReader"/> reads.</summary>
internal static class DatasetCsvWriter
{
    public static void Write(MammoDataset dataset, string folder, Stream stream)
    {
        using var table = new DataTable { Locale = CultureInfo.InvariantCulture };
        var columns = Columns(dataset, folder);
        foreach (var (name, _) in columns)
            table.Columns.Add(name, typeof(string));
        foreach (var image in dataset.Images)
            table.Rows.Add([.. columns.Select(column => column.Value(image))]);
        using var text = new StreamWriter(stream, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        using var writer = CsvDataWriter.Create(text, new CsvDataWriterOptions { NewLine = "\n", Culture = CultureInfo.InvariantCulture, MaxBufferSize = 1 << 20 });
        using var reader = table.CreateDataReader();
        writer.Write(reader);
    }

    private static List<(string Name, Func<MammoImage, string?> Value)> Columns(MammoDataset dataset, string folder)
    {
        List<(string Name, Func<MammoImage, string?> Value)> columns = [(DatasetColumns.Path, image => RelativePath.Of(image.Path, folder)), (DatasetColumns.Label, image => image.Class)];
        AddIfUsed(DatasetColumns.Patient, image => image.Patient);
        AddIfUsed(DatasetColumns.Laterality, image => image.Laterality);
        AddIfUsed(DatasetColumns.View, image => image.View);
        AddIfUsed(DatasetColumns.SampleWeight, image => image.SampleWeight == 1 ? null : image.SampleWeight.ToString("R", CultureInfo.InvariantCulture));
        foreach (var name in dataset.Images.SelectMany(image => image.Extra.Keys).Distinct(StringComparer.OrdinalIgnoreCase).Order(StringComparer.Ordinal))
            columns.Add((name, image => image.Extra.GetValueOrDefault(name)));
        return columns;

        void AddIfUsed(string name, Func<MammoImage, string?> value)
        {
            if (dataset.Images.Any(image => value(image) is not null))
                columns.Add((name, value));
        }
    }
}
