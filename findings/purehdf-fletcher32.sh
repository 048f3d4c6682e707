#!/usr/bin/env bash
# PureHDF 2.2.0 (NuGet), HDF5 datasets with the checksum filter fletcher32 (HDF5 File Format Specification 3.0, filter 3).
#
# Valid file, written by h5py 3.7.0 (HDF5 1.10.8): dataset "d" holds 0, 1, ... 23 as float32, 4 rows of 6, in chunks of 4 x 3, with fletcher32 and no other
# filter. h5py reads it back as it was written.
#
# Behaviour seen: the values are read without an error, but not those of the file, for the buffer that leaves the filter still ends with the four bytes of the
# checksum where it should be shorter by them. Weights of a Keras model that are stored so are wrong without a word.
#
# Exit 0: as described. Exit 1: the behaviour has changed.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
base64 -d <<'B64' | gunzip > d.h5
H4sIAAAAAAACA+v0cHHj5ZLiYgABDg4GFgYBBmTwHwokBFD5MPkEKM0IpTug9AommDgjWE4CKi4INR9dXUiQqytI9X80ALPHgAVCczCMgpEIPFwdA0B0BJQPS6UnmFDVpaClRw8K7WVk
YIOYxQjja0BoJogANFkCVTFg5TMDUz5IpaCCPFROgUGcg0G8HirPCkzRIHkmZogN3EB5EIOREaYf4tO0nNSS5IzUImMjWD6A5ChmJuYKVoTVzAgnBNAkHoL9/F1AORqWDxWYR9MmOQBU
3jEyMGGUdyYE9G3gh9Do6tCj4Qk/Kp8FTR3LaBSMglEwCkbBKBgFo2AUDCHQYA8kHBgYDgDxAyBmcARygTgAiBOAeAIQzwDiBY6nbvU+A8oB1TQA8QIgFgCKKwCxARAXAHEDEHcA8Qog
3gDEOxz5vFv3AABIQ//iGBAAAA==
B64
cat > finding.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="PureHDF" Version="2.2.0" />
  </ItemGroup>
</Project>
XML
cat > Program.cs <<'CS'
using PureHDF;

using var file = H5File.OpenRead("d.h5");
var values = file.Dataset("d").Read<float[]>();
Console.WriteLine(string.Join(' ', values));
CS
dotnet run -v q > seen.txt
cat seen.txt
if [ "$(cat seen.txt)" = "$(seq -s ' ' 0 23)" ]; then
  echo "the values are right: the behaviour has changed"
  exit 1
fi
echo "as described: not 0 to 23"
