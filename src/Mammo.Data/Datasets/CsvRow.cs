using System.Globalization;

namespace Mammo.Data.Datasets;

/// <summary>One row of a table.</summary>
/// <param name="Number">Its number in the file, the header being row 1; quoted line feeds do not count.</param>
/// <param name="Fields">Trimmed texts by column; blank ones are left out.</param>
internal sealed record CsvRow(int Number, IReadOnlyDictionary<string, string> Fields)
{
    /// <summary>The text of a column; null when it is blank.</summary>
    public string? this[string column] => Fields.GetValueOrDefault(column.Replace('_', ' '));

    /// <summary>The number in a column; null when it is blank or no finite number with a decimal point.</summary>
    public double? Number64(string column) =>
        double.TryParse(this[column], NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value) ? value : null;

    /// <summary>The whole number in a column; null when it is blank or none.</summary>
    public int? Integer(string column) => int.TryParse(this[column], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;
}
