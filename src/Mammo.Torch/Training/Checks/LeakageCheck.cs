using Mammo.Data.Examination;
using Mammo.Data.Files;

namespace Mammo.Torch.Training.Checks;

/// <summary>Refuses to train where patients or images are in the training and in the validation set.</summary>
internal static class LeakageCheck
{
    private const int Shown = 5;

    /// <summary>Compares the sets by patient id and by the files' content.</summary>
    /// <exception cref="MammoException"><see cref="ErrorIds.DataLeakage"/>, unless leakage is allowed; then it is a warning.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled between two files.</exception>
    public static void Run(TrainingData data, Action<Finding> warn, CancellationToken cancellation)
    {
        string[] patients = [.. Leakage.Patients([data.Train, data.Validation]).Select(shared => shared.Patient)];
        string[] files = [.. Leakage.Files(data.Train, data.Validation, cancellation).Where(path => !data.ArePatches || !IsOfOneGrey(path, data))];
        if (patients.Length == 0 && files.Length == 0)
            return;
        var found = string.Join(" and ", new[] { Found(patients, "patient"), Found(files, "image") }.OfType<string>());
        var message = $"Training and validation share {found}: validation scores would be too good to be true.";
        if (!data.AllowLeakage)
            throw new MammoException(ErrorIds.DataLeakage, message, "Split by patient, or use -AllowLeakage if it is meant.", patients.Concat(files).First());
        warn(new Finding(ErrorIds.DataLeakage, message) { SuggestedFix = "Split by patient, unless it is meant." });
    }

    // Patches of the film's black are equal whatever the patient.
    private static bool IsOfOneGrey(string path, TrainingData data) =>
        ImageReader.Read(path, dicom: data.Dicom).Pixels is var pixels && !pixels.AsSpan().ContainsAnyExcept(pixels[0]);

    private static string? Found(string[] names, string what) => names.Length == 0
        ? null
        : $"{names.Length} {what}{(names.Length == 1 ? "" : "s")} ({string.Join(", ", names.Take(Shown))}{(names.Length > Shown ? ", …" : "")})";
}
