#!/usr/bin/env bash
# JpegLibrary 0.4.32 (NuGet), lossless JPEG (ITU-T T.81, process 14, SOF3).
#
# Valid streams of one 8x8 image of 8 bits, one for each predictor of table H.1, and one with point transform 2. The picture is the same in all of them:
# sample(x, y) = (5x^2 + 13y + 3xy) mod 256; with the point transform its two lowest bits are 0. They were written to the letter of annex H with one
# Huffman table of twelve codes of four bits.
#
# Behaviour seen: predictors 1, 4 and 5 are right. Predictors 2, 3, 6 and 7 give other samples, without an error. With a point transform the samples stay
# shifted down by it. DICOM's transfer syntax 1.2.840.10008.1.2.4.57 allows all of these; .70 allows predictor 1 with any point transform.
#
# Exit 0: as described. Exit 1: the behaviour has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
cat > finding.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
    <TreatWarningsAsErrors>false</TreatWarningsAsErrors>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="JpegLibrary" Version="0.4.32" />
  </ItemGroup>
</Project>
XML
cat > streams.txt <<'TXT'
1 0 /9j/wwALCAAIAAgBAREA/8QAHwAAAAAMAAAAAAAAAAAAAAAAAAECAwQFBgcICQoL/9oACAEBAAEAAIfzqeuWja1t3gpqQsl40zYN1CGmpa1X7Utm3sIyanLhomsbaD95SasV20rXtzCE81NWi+ahsoO3jPQTVu0LVtrB88l6aaumka5uIQXmPW//2Q==
2 0 /9j/wwALCAAIAAgBAREA/8QAHwAAAAAMAAAAAAAAAAAAAAAAAAECAwQFBgcICQoL/9oACAEBAAIAAIfzqeuWja1t3gpqwWa2XK8X8EKasFmtlyvF+0SasFmtlyvIHmiTVgs1suV4v2iTVgs1suYG1+0SasFmtlyvF+0SasFmtlyvF+0X/9k=
3 0 /9j/wwALCAAIAAgBAREA/8QAHwAAAAAMAAAAAAAAAAAAAAAAAAECAwQFBgcICQoL/9oACAEBAAMAAIfzqeuWja1t3gpq1aJr28eS9aGJNXDStk37zHswypq7ahtXhPPhbhoTV81bcPFelC8+xNaFrm7eRCpDC+9NaRsW+eXCu+V+Sa07aPBedC0+h+v/2Q==
4 0 /9j/wwALCAAIAAgBAREA/8QAHwAAAAAMAAAAAAAAAAAAAAAAAAECAwQFBgcICQoL/9oACAEBAAQAAIfzqeuWja1t3gppZZZZZcASaWWWWWWWmlllllwBTA00sssssstNLLLLgCmBlppZZZZZZaaWWWWWWX//2Q==
5 0 /9j/wwALCAAIAAgBAREA/8QAHwAAAAAMAAAAAAAAAAAAAAAAAAECAwQFBgcICQoL/9oACAEBAAUAAIfzqeuWja1t3gpp5LWC1XS/gjTT6YsVsu2gdImpKcs1wvYIYp01KT1ouV86JqE1MWK2XcD8UrVJqasluvHQNM1aanrRcr50TUNb/9k=
6 0 /9j/wwALCAAIAAgBAREA/8QAHwAAAAAMAAAAAAAAAAAAAAAAAAECAwQFBgcICQoL/9oACAEBAAYAAIfzqeuWja1t3gpqUlpqcsFjAkmpSWmpywWKzTUpLTU5YQIRJpqUlpqcsFis01KS01OgPiRWaalJaanLBYrNNSktNTlgsVn/AP/Z
7 0 /9j/wwALCAAIAAgBAREA/8QAHwAAAAAMAAAAAAAAAAAAAAAAAAECAwQFBgcICQoL/9oACAEBAAcAAIfzqeuWja1t3gpqYs1y0DTNbBkmpy0XbQtQ1ztE1PWy8aNqYL22TVit180jVuwbhNWS5X7TQVtm3KatF00LTutbRu01arxompdc2zef/9k=
1 2 /9j/wwALCAAIAAgBAREA/8QAHwAAAAAMAAAAAAAAAAAAAAAAAAECAwQFBgcICQoL/9oACAEBAAEAAmfGcPJKWnLAso4fSkxOZAss6kJSansiWcPJCWnMesjhw+kpicyCzLOn0pNY5YrQs8kJaax6yWpZ9JS05kFmtf/Z
TXT
cat > Program.cs <<'CS'
using JpegLibrary;

foreach (var line in File.ReadLines("streams.txt"))
{
    var parts = line.Split(' ');
    var (predictor, shift) = (int.Parse(parts[0]), int.Parse(parts[1]));
    var decoder = new JpegDecoder();
    decoder.SetInput(Convert.FromBase64String(parts[2]));
    decoder.Identify();
    var writer = new Samples(decoder.Width, decoder.Height);
    decoder.SetOutputWriter(writer);
    decoder.Decode();
    var wrong = 0;
    for (var y = 0; y < 8; y++)
    {
        for (var x = 0; x < 8; x++)
        {
            var expected = ((5 * x * x) + (13 * y) + (3 * x * y)) % 256 >> shift << shift;
            if (writer.Values[(y * 8) + x] != expected)
                wrong++;
        }
    }

    Console.WriteLine($"predictor {predictor}, point transform {shift}: {(wrong == 0 ? "right" : "wrong")}");
}

internal sealed class Samples(int width, int height) : JpegBlockOutputWriter
{
    public int[] Values { get; } = new int[width * height];

    public override void WriteBlock(ref short blockRef, int componentIndex, int x, int y)
    {
        for (var row = 0; row < 8 && y + row < height; row++)
        {
            for (var column = 0; column < 8 && x + column < width; column++)
                Values[((y + row) * width) + x + column] = System.Runtime.CompilerServices.Unsafe.Add(ref blockRef, (row * 8) + column);
        }
    }
}
CS
dotnet run -v q > seen.txt
cat seen.txt
diff seen.txt - <<'TXT' && echo "as described"
predictor 1, point transform 0: right
predictor 2, point transform 0: wrong
predictor 3, point transform 0: wrong
predictor 4, point transform 0: right
predictor 5, point transform 0: right
predictor 6, point transform 0: wrong
predictor 7, point transform 0: wrong
predictor 1, point transform 2: wrong
TXT
