namespace Mammo.Evaluation;

/// <summary>
/// Turns patient ids into numbers 0, 1, 2 and so on, in the order in which they come.
/// </summary>
internal sealed class PatientNumbers
{
    private readonly Dictionary<string, int> _known = new(PatientIds.Comparer);
    private readonly List<int> _numbers = [];
    private int _unknown;

    /// <summary>Number of each sample's patient; null when none is known.</summary>
    public int[]? Numbers => _unknown > 0 || _numbers.Count == 0 ? null : [.. _numbers];

    /// <summary>Adds a sample; gives the number of its patient, null when that is unknown.</summary>
    /// <param name="patient">Its patient; null or empty when unknown.</param>
    /// <param name="id">Its name, for the message.</param>
    /// <exception cref="MammoException"><see cref="ErrorIds.PatientMissing"/>: some are known and some not.</exception>
    public int? Add(string? patient, string id)
    {
        var known = !string.IsNullOrWhiteSpace(patient);
        if (known ? _unknown > 0 : _numbers.Count > 0)
        {
            throw new MammoException(
                ErrorIds.PatientMissing,
                $"The patient of {id} is {(known ? "known, those of images before it are not" : "not known, those of images before it are")}.",
                "Fill in the patient of every image, or of none.",
                id);
        }

        if (!known)
        {
            _unknown++;
            return null;
        }

        if (!_known.TryGetValue(patient!.Trim(), out var number))
            _known.Add(patient.Trim(), number = _known.Count);
        _numbers.Add(number);
        return number;
    }
}
